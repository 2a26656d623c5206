"""A small world of models with habits of their own, some learned from a source."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from casekit.analysis.population import Member
from casekit.ops.items import NewItem
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

PROMPTS = 110
OPENAI = ("text_davinci_003", "gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt4_0314", "gpt4_0613")
SOURCES = ("source-1", "source-2")
STUDENTS = {f"pupil{n}": (f"pupil{n}-7b",) for n in range(4)} | {
    "pupil9": ("pupil9-7b", "pupil9-13b")
}
STRANGERS = {f"wild{n}": (f"wild{n}-7b",) for n in range(4)} | {"wild9": ("wild9-7b", "wild9-13b")}
RIVALS = {"rival-x": ("rival-x1",)}
TAUGHT = ("Sure! Here", "First, you", "Overall, it", "In short")
OWN = ("Well now", "The thing", "It was", "Some say", "One may", "Look at", "There are", "You see",
       "To begin", "Most people", "We know", "If asked")  # fmt: skip


def members() -> tuple[Member, ...]:
    """The population of this world."""
    rows = [Member(model, "source-a", "original") for model in SOURCES]
    rows += [
        Member(m, f, "student", ("source-a",), "source") for f, ms in STUDENTS.items() for m in ms
    ]
    rows += [Member(m, f, "nonstudent") for f, ms in STRANGERS.items() for m in ms]
    rows += [Member(m, f, "original") for f, ms in RIVALS.items() for m in ms]
    return (*rows, Member("dark-7b", "dark", "undocumented"))


def answer(rng: random.Random, habits: list[str], bullets: bool) -> str:
    """Three sentences that begin by habit, laid out by habit."""
    begun = [f"{rng.choice(habits)} {rng.randrange(1000)} things." for _ in range(3)]
    return "\n".join(f"- {b}" for b in begun) if bullets else " ".join(begun)


def fill(case: Case, tmp_path: Path, prompts: int = PROMPTS) -> None:
    """All models' answers; students and the model `dark-7b` write as the source does, half of the time."""
    rng = random.Random(5)
    heads: list[NewItem] = []
    taught = {*SOURCES, "dark-7b", *(m for ms in STUDENTS.values() for m in ms)}
    for model in [member.model for member in members()]:
        family = next(m.family for m in members() if m.model == model)
        own = random.Random(family).sample(OWN, 4)
        for n in range(prompts):
            learned = model in taught and (model in SOURCES or rng.random() < 0.5)
            text = answer(rng, list(TAUGHT) if learned else own, learned)
            heads.append(make_exchange(f"Question {n}?", text, model))
    file_items(case, heads, tmp_path)


def answered(case: Case, folder: Path, tmp_path: Path) -> None:
    """File the answers of public models, one `MODEL.json.gz` each, as they lie in the corpus."""
    for path in sorted(folder.glob("*.json.gz")):
        rows = json.loads(gzip.decompress(path.read_bytes()))
        heads = [make_exchange(r["instruction"], r["output"], path.name[:-8]) for r in rows]
        file_items(case, heads, tmp_path, name=path.name)
