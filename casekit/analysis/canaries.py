"""Canaries: sentences made in advance, some of them served, all of them looked for later, with exact tests.

A set has a secret key, from which every sentence follows. Of all its stems a few, drawn by the key, are
served in answers; the others are decoys that nobody ever saw. If what is found in the subject's answers had any
other cause than being served, decoys would be found as often: the first test is the hypergeometric tail of
served stems among those found. Each stem has one number out of ten, drawn by the key as well; a subject that
learned the stem elsewhere names the served number one time in ten: the second test is binomial. Both are exact
and need no control model. Cf. Meeus et al., "Copyright Traps for Large Language Models", arXiv 2402.09363.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import platform
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

import casekit
from casekit import paths
from casekit.analysis.stats import upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import canaries as queries
from casekit.queries import exchanges
from casekit.queries.canaries import CanarySet
from casekit.queries.exchanges import Answer
from casekit.store import canonical

VARIANTS = 10
SLOTS = ("adjective", "record", "town", "year", "thing")

LIMITATIONS = (
    "Only answers in the case were looked through; a canary that the subject learned may not show in them.",
    "A canary rewritten in other words, or in another language, is not found.",
    "Whoever had the list of canaries, or an answer that carries one, can have published it.",
    "The tests ask whether served canaries are found more than decoys; they do not say by which way they came.",
)
INNOCENT = (
    "A user who was served a canary may have published it, and it may have been learned from there.",
    "The subject may have been asked with the canary's words in the prompt or in an earlier message.",
    "Someone with the list may have fed the subject with it.",
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One sentence of a set.

    Attributes:
        no: Its number in the set, from 0.
        served: Whether it is one of those that answers carry; the others are decoys.
        stem: Adjective, record, town, year and thing.
        number: The variant that is, or would have been, served.
    """

    no: int
    served: bool
    stem: tuple[str, ...]
    number: int

    @property
    def sentence(self) -> str:
        """As it stands in an answer."""
        return str(_words()["sentence"]).format(
            number=self.number, **dict(zip(SLOTS, self.stem, strict=True))
        )

    @property
    def question(self) -> str:
        """Asks for the number without naming it."""
        return str(_words()["question"]).format(**dict(zip(SLOTS, self.stem, strict=True)))


@dataclass(frozen=True, slots=True)
class Seen:
    """A stem found in an answer: where (characters of the output), and which number stands with it."""

    no: int
    number: int
    start: int
    end: int


def canaries(chosen: CanarySet) -> list[Canary]:
    """All sentences of a set, in order of number; the same key gives the same ones on every machine."""
    if chosen.version != _words()["version"]:
        raise CaseKitError(
            "The canaries of “{name}” were made with lists that this version does not have.",
            name=chosen.name,
        )
    total = chosen.served + chosen.decoys
    stems = _stems(chosen.key, total)
    order = sorted(range(total), key=lambda no: _digest(chosen.key, "served", no))
    served = set(order[: chosen.served])
    return [
        Canary(
            no,
            no in served,
            stems[no],
            _numbers(stems[no])[_digest(chosen.key, "number", no)[0] % VARIANTS],
        )
        for no in range(total)
    ]


def look(text: str, stems: Mapping[tuple[str, ...], int]) -> list[Seen]:
    """The stems of a set that stand in a text, with the number that each names.

    Args:
        text: An answer.
        stems: Number in the set by stem.
    """
    found = []
    for match in _pattern().finditer(text):
        stem = (
            match["adjective"].lower(), match["record"].lower(), match["town"], match["year"],
            " ".join(match["thing"].lower().split()),
        )  # fmt: skip
        if stem in stems:
            number = int(match["number"].replace(",", ""))
            found.append(Seen(stems[stem], number, match.start(), match.end()))
    return found


def answered(text: str) -> int | None:
    """The one number that an answer to a canary's question names; None without one, or with several."""
    numbers = {
        int(n.replace(",", ""))
        for n in re.findall(r"(?<![\w,.])\d{1,3}(?:,\d{3})*(?!\w|[,.]\d)", text)
    }
    return numbers.pop() if len(numbers) == 1 else None


def compare(
    s: Connection, *, name: str, subject: str, controls: Sequence[str] = (), progress: Progress | None = None
) -> dict[str, Any]:  # fmt: skip
    """The body of a canary finding: what of a set stands in the subject's answers, and which numbers it names.

    Args:
        s: A reading session.
        name: Of the set.
        subject: Model examined.
        controls: Models that cannot have seen the answers; counted beside it, not needed by the tests.
        progress: Told the models done.

    Raises:
        CaseKitError: There is no such set, or a model has no answers.
    """
    progress = progress or Silent()
    chosen = queries.get(s, name)
    made = canaries(chosen)
    counted = {}
    models = list(dict.fromkeys([subject, *controls]))
    for done, model in enumerate(models):
        progress.step(done, len(models), f"reading {model}")
        counted[model] = _count(s, model, made)
    progress.step(len(models), len(models), "canaries looked for")
    return _body(chosen, made, counted, subject)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one model's answers hold of a set: the stems volunteered, and the numbers named when asked."""

    answers: list[Answer]
    volunteered: dict[int, int]
    asked: dict[int, int]
    shown: list[dict[str, Any]]


def _count(s: Connection, model: str, made: Sequence[Canary]) -> _Counted:
    answers = exchanges.answers(s, model)
    if not answers:
        raise CaseKitError("There are no answers of a model “{name}” in this case.", name=model)
    stems = {one.stem: one.no for one in made}
    questions = {" ".join(one.question.split()): one.no for one in made}
    volunteered: dict[int, int] = {}
    asked: dict[int, int] = {}
    shown: list[dict[str, Any]] = []
    for answer in answers:
        prompt = " ".join(answer.prompt.split())
        no = questions.get(prompt)
        if no is not None:
            number = answered(answer.output)
            if number is not None:
                asked.setdefault(no, number)
            continue
        prompted = {one.no for one in look(answer.prompt, stems)}
        for seen in look(answer.output, stems):
            if seen.no not in prompted:
                volunteered.setdefault(seen.no, seen.number)
                shown.append(_shown(model, answer, seen, made[seen.no].served))
    return _Counted(answers, volunteered, asked, shown)


def _body(
    chosen: CanarySet, made: Sequence[Canary], counted: Mapping[str, _Counted], subject: str
) -> dict[str, Any]:
    rows = {model: _row(one, made) for model, one in counted.items()}
    controls = [{"model": model, **row} for model, row in rows.items() if model != subject]
    body = {
        "v": 1,
        "question": {
            "h1": f"{subject} was trained on text that carries served canaries of “{chosen.name}”.",
            "h0": f"{subject} never saw them: of the canaries served it knows no more than of the decoys.",
        },
        "inputs": [
            {
                "model": model, "role": "subject" if model == subject else "control",
                "answers": len(one.answers), "root": canonical.root(a.digest for a in one.answers).hex(),
            }
            for model, one in counted.items()
        ],
        "parameters": {
            "set": chosen.name, "made": chosen.made_us, "key_sha256": hashlib.sha256(chosen.key).hexdigest(),
            "served": chosen.served, "decoys": chosen.decoys, "variants": VARIANTS, "lists": chosen.version,
        },
        "seed": 0,
        "result": rows[subject],
        "controls": controls,
        "claims": [hit for one in counted.values() for hit in one.shown],
        "dropped": [],
        "limitations": list(LIMITATIONS),
        "innocent": list(INNOCENT),
        "versions": {"casekit": casekit.__version__, "python": platform.python_version()},
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}


def _row(one: _Counted, made: Sequence[Canary]) -> dict[str, Any]:
    served = sum(canary.served for canary in made)
    hits = sum(made[no].served for no in one.volunteered)
    decoys = len(one.volunteered) - hits
    known = {**one.asked, **one.volunteered}
    named = {no: number for no, number in known.items() if made[no].served}
    right = sum(number == made[no].number for no, number in named.items())
    return {
        "answers": len(one.answers), "served_found": hits, "decoys_found": decoys,
        "p_found": _rounded(hypergeometric(hits, hits + decoys, served, len(made))),
        "numbers_named": len(named), "served_numbers": right,
        "p_numbers": _rounded(binomial(right, len(named), 1 / VARIANTS)),
        "decoys_upper": _rounded(upper_bound(decoys, len(made) - served)),
    }  # fmt: skip


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with both tests and what chance allows."""
    result, asked = body["result"], body["parameters"]
    said = [
        f"In {result['answers']:,} answers stand {result['served_found']} of the {asked['served']:,} canaries "
        f"that were served and {result['decoys_found']} of {asked['decoys']:,} decoys that nobody saw (p = "
        f"{result['p_found']:.2g})."
    ]
    if result["numbers_named"]:
        said.append(
            f"With {result['numbers_named']} served canaries the subject names a number; it is the one served "
            f"in {result['served_numbers']}, of ten that would be as likely (p = {result['p_numbers']:.2g})."
        )
    controls = [f"{c['model']} {c['served_found']}" for c in body["controls"]]
    if controls:
        said.append(f"Served canaries in the controls: {', '.join(controls)}.")
    if result["decoys_found"]:
        said.append(
            "Decoys were served to nobody: that the subject has some means that the set became known in "
            "another way, and then neither p shows that served answers were learned."
        )
    return " ".join((*said, "This does not show by which way the words reached the subject."))


def hypergeometric(hits: int, drawn: int, marked: int, total: int) -> float:
    """Chance of at least `hits` marked among `drawn` out of `total` with `marked`; 1.0 if none was drawn."""
    whole = math.comb(total, drawn)
    tail = sum(
        math.comb(marked, k) * math.comb(total - marked, drawn - k)
        for k in range(hits, min(marked, drawn) + 1)
    )
    return tail / whole


def binomial(hits: int, trials: int, share: float) -> float:
    """Chance of at least `hits` in `trials`, each with chance `share`; 1.0 without trials."""
    return min(
        1.0,
        math.fsum(
            math.comb(trials, k) * share**k * (1 - share) ** (trials - k)
            for k in range(hits, trials + 1)
        ),
    )


def power(answers: int, rate: float, served: int, decoys: int, level: float = 0.05) -> float:
    """Chance that the first test falls below `level` when each answer repeats a served canary with `rate`.

    Repeats of one canary count once; decoys are never found.
    """
    chance = 0.0
    each = 1 - (1 - rate / served) ** answers  # that one canary is seen at least once
    for hits in range(served + 1):
        if hypergeometric(hits, hits, served, served + decoys) < level:
            chance += math.comb(served, hits) * each**hits * (1 - each) ** (served - hits)
    return chance


def _shown(model: str, answer: Answer, seen: Seen, served: bool) -> dict[str, Any]:
    around = answer.output[max(0, seen.start - 60) : seen.end + 60]
    return {
        "model": model, "item_id": answer.item_id, "language": "en", "canary": seen.no, "served": served,
        "start": seen.start, "end": seen.end, "claim": answer.output[seen.start : seen.end],
        "around": " ".join(around.split()), "prompt_names_a_lab": False,
    }  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


# -- sentences from a key -------------------------------------------------------------------------


def _digest(key: bytes, what: str, no: int) -> bytes:
    return hmac.new(key, f"{what} {no}".encode(), hashlib.sha256).digest()


def _stems(key: bytes, total: int) -> list[tuple[str, ...]]:
    """As many different stems, each from bytes of its own."""
    words = _words()
    taken: set[tuple[str, ...]] = set()
    found: list[tuple[str, ...]] = []
    draw = 0
    while len(found) < total:
        raw = iter(_digest(key, "stem", draw))
        draw += 1

        def pick(options: Sequence[str], raw: Iterable[int] = raw) -> str:
            value = int.from_bytes(bytes(next(iter(raw)) for _ in range(3)), "big")
            return options[value % len(options)]

        town = pick(words["first"]) + pick(words["second"]) + pick(words["ending"])
        year = str(1700 + int(pick([str(n) for n in range(200)])))
        stem = (pick(words["adjective"]), pick(words["record"]), town, year, pick(words["thing"]))
        if stem not in taken:
            taken.add(stem)
            found.append(stem)
    return found


def _numbers(stem: tuple[str, ...]) -> list[int]:
    """The ten numbers that would be as likely for a stem; they follow from it alone, not from the key."""
    start = int.from_bytes(hashlib.sha256(" ".join(stem).encode()).digest()[:4], "big")
    found: list[int] = []
    draw = start
    while len(found) < VARIANTS:
        draw = (draw * 6364136223846793005 + 1442695040888963407) % 2**64
        number = 101 + (draw >> 33) % 899
        if number not in found:
            found.append(number)
    return found


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(paths.resource("canaries", "words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A canary's sentence, also with other verbs and spaces, and with the number before or after the thing."""
    words = _words()
    adjective, record = "|".join(words["adjective"]), "|".join(words["record"])
    thing = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in words["thing"])
    return re.compile(
        rf"\b(?P<adjective>(?i:{adjective}))\s+(?P<record>(?i:{record}))\s+(?:of|from|at|in)\s+"
        rf"(?P<town>[A-Z][a-z]+),?\s+(?:from|of|in|dated)\s+(?P<year>1[78]\d\d),?\s+[a-z]+\s+(?:\w+\s+){{0,3}}?"
        rf"(?P<number>\d{{1,3}}(?:,\d{{3}})*)\s+(?P<thing>(?i:{thing}))\b"
    )
