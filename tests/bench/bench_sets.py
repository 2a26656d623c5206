"""The figures of overlap of sets, and of evasion by rewriting, that the README gives.

Run: python -m tests.bench.bench_sets near | sets FOLDER | rewriting FOLDER

FOLDER holds one `MODEL.json.gz` a model and `lineage.csv`.

- `near`: the time and memory of near-duplicates among 1,000,000 texts, and how many of the planted ones are
  found, beside finding equal texts alone (the baseline);
- `sets`: every documented student beside the strangers of the population, with an original of its teacher as
  source, and every stranger as subject against gpt-3.5-turbo-0301: no times;
- `rewriting`: the likelihood ratio of models of eight families, of the same answers without their layout, and
  in other words (`tests/bench/rewriting.py`), and what is left of sets and of before and after.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from casekit.analysis import change, lineage_run, near, population, sets, shared_sets, shipped
from casekit.analysis.population import Member
from casekit.analysis.shared_sets import Comparison, Listed
from casekit.analysis.shipped import Shipped
from casekit.progress import Silent
from casekit.queries import exchanges
from casekit.store.case import Case, create_case
from tests.analysis import worlds
from tests.bench import rewriting
from tests.builders import file_items, make_exchange

TEXTS, PLANTED, WORDS = 1_000_000, 10_000, 30
CHANGED = 1  # words of a planted near-duplicate: two of its 29 pairs, so 0.87 of both are shared
TEACHERS = {
    "oai-chatgpt": "gpt-3.5-turbo-0301", "oai-davinci": "text_davinci_003", "oai-gpt4": "gpt4_0314",
    "anthropic-claude12": "claude-2",
}  # fmt: skip
REWRITTEN = (
    "vicuna", "alpaca", "baize", "airoboros", "oasst", "guanaco", "meta-llama2chat", "google-gemini",
)  # fmt: skip
COMPARED = ("vicuna", "baize", "guanaco")  # of these also sets, which take longer
STRENGTHS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("plain", rewriting.plain), ("worded", rewriting.worded),
)  # fmt: skip


def main() -> None:
    """Print what is asked for."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "near":
        near_duplicates()
        return
    if what not in ("sets", "rewriting") or not Path(sys.argv[2], "lineage.csv").is_file():
        sys.exit("near | sets FOLDER | rewriting FOLDER, with the models' answers and lineage.csv")
    folder = Path(sys.argv[2])
    members = population.read(folder / "lineage.csv")
    with tempfile.TemporaryDirectory() as made, create_case(Path(made, "Case"), "A v. B") as case:
        worlds.answered(case, folder, Path(made))
        (of_sets if what == "sets" else evaded)(case, members, Path(made))


def near_duplicates() -> None:
    """A million texts of random words, in which some are copies with one word changed."""
    rng = random.Random(1)
    words = ["".join(letters) for letters in product("bcdfglmnprst", "aeiou", "bdlmnrst", "aeo")]
    texts = [" ".join(rng.choices(words, k=WORDS)) for _ in range(TEXTS - PLANTED)]
    for n in range(PLANTED):
        copy = texts[n].split()
        copy[rng.randrange(1, WORDS - 1)] = "changed"
        texts.append(" ".join(copy))
    start = time.process_time()
    equal = TEXTS - len({shared_sets.key(text, 8) for text in texts})
    print(
        f"baseline, equal texts alone: {time.process_time() - start:.0f} s of processor time, {equal} found"
    )
    start = time.process_time()
    signed = near.signatures(texts)
    signatures = time.process_time() - start
    best, _ = near.proposed(signed)
    found = near.duplicates(texts, best, texts.__getitem__)
    whole = time.process_time() - start
    pairs = found[TEXTS - PLANTED :].sum() + found[:PLANTED].sum()
    others = int(found[PLANTED : TEXTS - PLANTED].sum())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"near-duplicates of {TEXTS:,} texts: {whole:.0f} s of processor time (signatures {signatures:.0f}), "
        f"most memory {most} MB with the texts themselves; of {2 * PLANTED} texts of planted pairs {pairs} are "
        f"found, of the others {others}"
    )


def of_sets(case: Case, members: Sequence[Member], _folder: Path) -> None:
    """A line a subject: what it and the strangers share with the source, its own family left out."""
    for teacher, source in TEACHERS.items():
        sides = population.sort(members, [source])
        family = {m: f for f, models in sides.strangers.items() for m in models}
        students = {
            m.model: m.family for m in members if m.role == "student" and teacher == m.teachers[0]
        }
        everybody = {**family, **students}
        with case.read() as s:
            answers = {m: exchanges.by_prompt(s, m) for m in (source, *everybody)}
        prompts = sorted(set.intersection(*(set(given) for given in answers.values())))
        comparison = Comparison(
            {m: [answers[m][p] for p in prompts] for m in everybody}, sets.MIN_WORDS, Silent()
        )
        comparison.read(Listed([answers[source][p] for p in prompts]), prompts)
        shared = comparison.shared(everybody, {})
        found = {
            m: {
                **{name: float(hit.mean()) for name, hit in one.hits.items()},
                "longest": one.longest[0].words if one.longest else 0,
            }
            for m, one in shared.items()
        }
        print(
            f"{source}: {len(prompts)} prompts, {len(set(family.values()))} families of strangers"
        )
        for subject in (*students, *(family if teacher == "oai-chatgpt" else ())):
            controls = {m: f for m, f in family.items() if f != everybody[subject]}
            rare = comparison.rare({subject: everybody[subject], **controls})
            what = "student" if subject in students else "other"
            print(f"{what} {subject}: {beside(subject, controls, found, rare)}", flush=True)


def beside(
    subject: str,
    controls: dict[str, str],
    found: dict[str, dict[str, float]],
    rare: dict[str, float],
) -> str:
    """The subject's measures, each beside the controls' lowest and highest and the families that reach it."""
    names = sorted(set(controls.values()))
    said = []
    for measure in ("exact", "near", "runs", "same", "longest", "rare"):
        value = {
            m: rare[m] if measure == "rare" else found[m][measure] for m in (subject, *controls)
        }
        others = [value[m] for m in controls]
        high = [max(value[m] for m in controls if controls[m] == f) for f in names]
        above = sum(h >= value[subject] for h in high)
        said.append(
            f"{measure} {value[subject]:.4g} ({min(others):.4g} to {max(others):.4g}; {above} of {len(names)})"
        )
    return ", ".join(said)


def compared(case: Case, members: Sequence[Member], subject: str, source: str) -> dict[str, Any]:
    """The finding, with all strangers of the population as controls."""
    with case.read() as s:
        controls = sets.controls_of(members, subject, source)
        return sets.compare(s, subject=subject, source=source, controls=controls)


def line(body: dict[str, Any]) -> str:
    """What the finding comes to."""
    result = body["result"]
    if result["refused"]:
        return str(result["refused"])
    told = {row["measure"]: row for row in result["measures"]}
    runs, same, longest = told["runs"], told["same"], told["longest"]
    return (
        f"runs {runs['subject']:.3f} (controls {runs['controls_median']:.3f}, {runs['controls_highest']:.3f}), "
        f"same prompt {same['subject']:.3f} ({same['controls_median']:.3f}, {same['controls_highest']:.3f}), "
        f"longest {longest['subject']} ({longest['controls_highest']}), rare {result['rare']:.1f} "
        f"({told['rare']['controls_highest']:.1f}), {result['families_at_least_as_high']} of "
        f"{result['families']} families as high"
    )


def evaded(case: Case, members: Sequence[Member], folder: Path) -> None:
    """A model of some families, as it answered, without its layout, and in other words."""
    sides = population.sort(members, worlds.OPENAI)
    chosen = [("student", ms[-1]) for f, ms in sides.students.items() if f in REWRITTEN]
    chosen += [("other", ms[-1]) for f, ms in sides.strangers.items() if f in REWRITTEN]
    known = {m.model: m for m in members}
    _, reference = shipped.named(Path("shipped"))
    everybody = list(members)
    for _, model in chosen:
        with case.read() as s:
            given = exchanges.answers(s, model)
        for name, rewritten in STRENGTHS:
            heads = [make_exchange(a.prompt, rewritten(a.output), f"{model} {name}") for a in given]
            file_items(case, heads, folder, name=f"{model} {name}")
            everybody.append(replace(known[model], model=f"{model} {name}", role="undocumented"))
    for side, model in chosen:
        ratios = [
            ratio(case, model + name, known[model].family, everybody, reference)
            for name in ("", *(f" {strength}" for strength, _ in STRENGTHS))
        ]
        print(f"lineage, {side} {model}: uncapped log10 LR {ratios}", flush=True)
    for side, model in chosen:
        if known[model].family not in COMPARED:
            continue
        source = (
            TEACHERS[known[model].teachers[0]] if side == "student" else TEACHERS["oai-chatgpt"]
        )
        for name in ("", *(f" {strength}" for strength, _ in STRENGTHS)):
            print(f"sets, {side} {model}{name} / {source}: "
                  f"{line(compared(case, everybody, model + name, source))}", flush=True)  # fmt: skip
    with case.read() as s:
        body = change.compare(
            s, subject="vicuna-13b-v1.5", before="llama-2-13b-chat-hf", source="gpt-3.5-turbo-0613",
            rivals=["claude-2", "gemini-pro", "claude-3-opus-20240229", "text_davinci_003"],
            variants=[f"vicuna-13b-v1.5 {name}" for name, _ in STRENGTHS],
        )  # fmt: skip
    print(body["sentence"])


def ratio(
    case: Case, subject: str, family: str, members: Sequence[Member], reference: Shipped | None
) -> float:
    """The log10 ratio of a subject before the cap, its family left out."""
    with case.read() as s:
        run, why = lineage_run.prepare(
            s, subject, family, worlds.OPENAI, members, Silent(), reference
        )
    if run is None:
        sys.exit(why)
    return round(lineage_run.uncapped(run), 2)


if __name__ == "__main__":
    main()
