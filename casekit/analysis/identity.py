"""Identity: how often a model calls itself by another lab's name, unasked and asked, beside controls.

A claim is a first-person lead, words of a closed list, and a name (`resources/identity`), in 18 languages: "I
am a large language model trained by OpenAI", "我是由智谱AI开发的". Counted on its own where the prompt names
no lab at all; where the prompt names one the model may only follow it. Answers to prompts of one template are
not independent, so intervals come from drawing templates. Every claim is listed, to be read by a person: what
a model says of itself is hearsay of its training data. Cf. Lee et al., "Quantification of Large Language Model
Distillation", arXiv 2501.12619, whose prompts themselves name the source.
"""

from __future__ import annotations

import platform
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

import casekit
from casekit import paths
from casekit.analysis.overlap import apart
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.queries.exchanges import Answer
from casekit.store import canonical

DRAWS = 2_000
LEAST_ANSWERS = 50  # to prompts that name no lab
MOST_BETWEEN = 12  # words between lead and name
TEMPLATE_WORDS = 6  # prompts that begin with the same words are taken for one template
QUOTE = 60  # characters shown on either side of a claim

LIMITATIONS = (
    "What a model says of itself is text of its training data, not knowledge of its origin.",
    "Only the forms in the list are counted; other wordings and other languages are missed, in controls too.",
    "A claim in a quotation, a play or an example is counted until a person has read it.",
    "A system prompt may tell a model its name; the evidence does not always hold system prompts.",
    "The number of controls bounds the error rate: with n control models and none above the subject, the "
    "conformal p-value cannot fall below 1/(n+1).",
)
INNOCENT = (
    "The public web is full of assistants' answers, with their names in them.",
    "Public collections of conversations may have been used without their names being removed.",
    "The model may follow a prompt, an earlier message or a system prompt that is not in evidence.",
    "The model may serve under that name by agreement.",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim in an answer: the lab named, its language, and where it stands (characters of the output)."""

    lab: str
    language: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    language: str
    lab: str
    pattern: re.Pattern[str]


class Claims:
    """Finds claims and names; `names` adds names of the source's lab that the list does not know."""

    def __init__(self, lab: str, names: Sequence[str] = ()) -> None:
        labs = {key: list(known) for key, known in _stored("names.toml")["labs"].items()}
        labs[lab] = [*labs.get(lab, []), *names]
        if not labs[lab]:
            raise CaseKitError(
                "No lab “{lab}” is known: name it as one of {known}, or give its names.",
                lab=lab,
                known=", ".join(sorted(_stored("names.toml")["labs"])),
            )
        self.names = {key: re.compile(_names(known)) for key, known in labs.items()}
        self._patterns = [
            _Pattern(language, key, _claim(forms, known))
            for language, forms in _stored("claims.toml").items()
            for key, known in labs.items()
        ]

    def named(self, text: str) -> list[str]:
        """The labs that a text names, in whatever way."""
        return [lab for lab, pattern in self.names.items() if pattern.search(text)]

    def claims(self, text: str) -> list[Claim]:
        """The claims in a text in their order; of overlapping ones of a lab the first."""
        if not any(pattern.search(text) for pattern in self.names.values()):
            return []
        found = sorted(
            (m.start(), m.end(), one.lab, one.language)
            for one in self._patterns
            for m in one.pattern.finditer(text)
        )
        kept: list[Claim] = []
        until: dict[str, int] = {}
        for start, end, lab, language in found:
            if start >= until.get(lab, 0):
                kept.append(Claim(lab, language, start, end))
                until[lab] = end
        return kept


def compare(
    s: Connection,
    *,
    subject: str,
    lab: str,
    controls: Sequence[str],
    names: Sequence[str] = (),
    seed: int = 20260101,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The body of an identity finding over all answers of the models named.

    Args:
        s: A reading session.
        subject: Model examined.
        lab: Lab whose name is looked for, a key of `resources/identity/names.toml`, or a new one with `names`.
        controls: Models known to have no link to that lab; at least one.
        names: Further names of that lab or of its models.
        seed: Of the draws of templates behind the interval.
        progress: Told the models done.

    Raises:
        CaseKitError: A lab without names, no control, a model in two parts, without answers, or with too few
            answers to prompts that name no lab.
    """
    progress = progress or Silent()
    controls = list(dict.fromkeys(controls))
    apart(subject, "", controls)
    if not controls:
        raise CaseKitError("An identity finding needs at least one control model: name one.")
    finder = Claims(lab, names)
    counted = {}
    for done, model in enumerate([subject, *controls]):
        progress.step(done, len(controls) + 1, f"reading {model}")
        counted[model] = _count(s, model, finder, lab)
    progress.step(len(controls) + 1, len(controls) + 1, "identity counted")
    return _body(counted, subject, lab, controls, names, seed)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one model's answers hold: of each whether it claims the lab, by template, prompts without a name."""

    answers: list[Answer]
    clean: dict[str, list[bool]]
    named: int
    named_hits: int
    hits: list[dict[str, Any]]
    others: dict[str, int]


def _count(s: Connection, model: str, finder: Claims, lab: str) -> _Counted:
    answers = exchanges.answers(s, model)
    if not answers:
        raise CaseKitError("There are no answers of a model “{name}” in this case.", name=model)
    clean: dict[str, list[bool]] = {}
    others: dict[str, int] = {}
    hits: list[dict[str, Any]] = []
    named = named_hits = 0
    for answer in answers:
        prompted = bool(finder.named(answer.prompt))
        claims = finder.claims(answer.output)
        claimed = [claim for claim in claims if claim.lab == lab]
        for other in sorted({claim.lab for claim in claims} - {lab}):
            others[other] = others.get(other, 0) + (not prompted)
        hits += [_shown(model, answer, claim, prompted) for claim in claimed]
        if prompted:
            named += 1
            named_hits += bool(claimed)
        else:
            clean.setdefault(template(answer.prompt), []).append(bool(claimed))
    number = sum(len(each) for each in clean.values())
    if number < LEAST_ANSWERS:
        raise CaseKitError(
            "Only {n} answers of {model} are to prompts that name no lab; at least {least} are needed.",
            n=number,
            model=model,
            least=LEAST_ANSWERS,
        )
    return _Counted(answers, clean, named, named_hits, hits, others)


def template(prompt: str) -> str:
    """What is taken for the template of a prompt: its first words, numbers made equal."""
    words = re.findall(r"\w+", re.sub(r"\d+", "0", prompt.casefold()))
    return " ".join(words[:TEMPLATE_WORDS])


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with its interval and the rates of the controls."""
    result = body["result"]
    low, high = result["interval"]
    controls = ", ".join(f"{c['model']} in {c['hits']} of {c['answers']}" for c in body["controls"])
    return (
        f"Asked without any lab being named, the subject calls itself by a name of {result['lab']} in "
        f"{result['hits']} of {result['answers']} answers ({result['share']:.1%}, 95 % interval {low:.1%} to "
        f"{high:.1%} over {result['templates']} templates of prompts); the controls: {controls}. "
        f"{result['controls_at_least_as_high']} of {result['controls']} controls reach the subject's rate "
        f"(p = {result['p']:.2f}, which they cannot bring below {result['p_floor']:.2f}). Every claim is to be "
        "read by a person; none says how the model came to make it."
    )


def _body(
    counted: Mapping[str, _Counted], subject: str, lab: str, controls: Sequence[str],
    names: Sequence[str], seed: int,
) -> dict[str, Any]:  # fmt: skip
    rows = {model: _row(model, one, seed) for model, one in counted.items()}
    mine = rows[subject]
    shares = [rows[model]["share"] for model in controls]
    reached = sum(share >= mine["share"] for share in shares)
    result = {
        "lab": lab, **{key: value for key, value in mine.items() if key != "model"},
        "templates": len(counted[subject].clean), "named_answers": counted[subject].named,
        "controls": len(controls), "controls_at_least_as_high": reached,
        "p": round(conformal_p(mine["share"], shares), 4),
        "p_floor": round(1 / (1 + len(controls)), 4),
        "false_positive_upper": round(upper_bound(reached, len(controls)), 4),
        "other_labs": [
            {"model": model, "lab": other, "hits": hits}
            for model, one in counted.items()
            for other, hits in sorted(one.others.items())
            if hits
        ],
    }  # fmt: skip
    body = {
        "v": 1,
        "question": {
            "h1": f"{subject} calls itself by names of {lab} because it was trained on answers of models of "
            f"{lab}.",
            "h0": f"{subject} was trained without such answers; the names come from the public web or from "
            "prompts.",
        },
        "inputs": [
            _input(model, "subject" if model == subject else "control", one)
            for model, one in counted.items()
        ],
        "parameters": {
            "lab": lab, "names": list(names), "draws": DRAWS, "template_words": TEMPLATE_WORDS,
            "languages": list(_stored("claims.toml")),
        },
        "seed": seed,
        "result": result,
        "controls": [rows[model] for model in controls],
        "claims": [hit for one in counted.values() for hit in one.hits],
        "dropped": [],
        "limitations": list(LIMITATIONS),
        "innocent": list(INNOCENT),
        "versions": {"casekit": casekit.__version__, "python": platform.python_version()},
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}


def _row(model: str, one: _Counted, seed: int) -> dict[str, Any]:
    groups = [one.clean[key] for key in sorted(one.clean)]
    hits, number = sum(map(sum, groups)), sum(map(len, groups))
    low, high = interval(groups, seed)
    return {
        "model": model, "answers": number, "hits": hits, "share": round(hits / number, 4),
        "interval": [round(low, 4), round(high, 4)], "named_hits": one.named_hits,
    }  # fmt: skip


def interval(groups: Sequence[Sequence[bool]], seed: int) -> tuple[float, float]:
    """95 % interval of a share from groups of trials that hang together, by drawing groups with replacement.

    Without a hit, or with hits only, the far end is the exact bound for as many trials as there are groups.
    """
    hits, number = sum(map(sum, groups)), sum(map(len, groups))
    if hits == 0:
        return 0.0, upper_bound(0, len(groups))
    if hits == number:
        return 1 - upper_bound(0, len(groups)), 1.0
    draw = random.Random(seed)
    sizes = [(sum(group), len(group)) for group in groups]
    shares = []
    for _ in range(DRAWS):
        drawn = draw.choices(sizes, k=len(sizes))
        shares.append(sum(h for h, _ in drawn) / sum(n for _, n in drawn))
    shares.sort()
    return shares[int(0.025 * DRAWS)], shares[int(0.975 * DRAWS) - 1]


def _shown(model: str, answer: Answer, claim: Claim, prompted: bool) -> dict[str, Any]:
    text = answer.output
    start, end = max(0, claim.start - QUOTE), min(len(text), claim.end + QUOTE)
    return {
        "model": model, "item_id": answer.item_id, "language": claim.language, "prompt_names_a_lab": prompted,
        "start": claim.start, "end": claim.end, "claim": text[claim.start : claim.end],
        "around": " ".join(text[start:end].split()),
    }  # fmt: skip


def _input(model: str, role: str, one: _Counted) -> dict[str, Any]:
    root = canonical.root([answer.digest for answer in one.answers])
    return {"model": model, "role": role, "answers": len(one.answers), "root": root.hex()}


def _names(names: Sequence[str]) -> str:
    """A name as written, as a whole word, and no person's: “Claude Monet” names no lab."""
    longest = sorted({name for name in names if name.strip()}, key=lambda name: (-len(name), name))
    known = "|".join(re.escape(name) for name in longest)
    return rf"(?<![A-Za-z0-9_])(?:{known})(?![A-Za-z0-9_]|-\w)(?!\s+[A-Z][a-z]+\b)"


def _claim(forms: Mapping[str, Any], names: Sequence[str]) -> re.Pattern[str]:
    gap = r"\s*" if forms.get("unspaced") else r"[\s,]+"
    edge = "" if forms.get("unspaced") else r"(?<!\w)"
    lead = "|".join(forms["lead"])
    between = "|".join(sorted(forms["between"], key=lambda form: -len(form)))
    return re.compile(
        rf"{edge}(?i:{lead})(?:{gap}(?i:{between})){{0,{MOST_BETWEEN}}}{gap}[\"“「'*]*{_names(names)}"
    )


@lru_cache(maxsize=2)
def _stored(name: str) -> dict[str, Any]:
    return tomllib.loads(paths.resource("identity", name).read_text("utf-8"))
