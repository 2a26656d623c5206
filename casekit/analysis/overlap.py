"""Overlap: on how many prompts two models' answers share a long run of words, beside control models.

A run counts if it is at least `min_words` long outside what quotes the prompt. The rate of the subject
is printed only beside the rate of every control with the same source, because models that never saw one
another share runs too. The unit of inference is the control model, not the prompt: a p-value over prompts
would accuse every innocent model.
"""

from __future__ import annotations

import itertools
import platform
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

import casekit
from casekit.analysis.stats import conformal_p, interval, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges, matching
from casekit.queries.exchanges import Answer
from casekit.search.runs import Run, shared_runs
from casekit.store import canonical

MIN_WORDS = 8
SHOWN_TOP = 4
SHOWN_RANDOM = 2
LEAST_PROMPTS = 20
QUOTE_WORDS = 5  # this many words in a row that stand in the prompt are taken for a quotation of it

LIMITATIONS = (
    "The number of controls bounds the error rate: with n control models and none above the subject, the "
    "conformal p-value cannot fall below 1/(n+1).",
    "Prompts were not drawn at random from all possible prompts; the rates hold for these prompts.",
    "One answer a prompt was compared; another sampling of the same models would give other answers.",
    "Overlap of wording does not show by itself how it came about, and says nothing of intent or access.",
)
INNOCENT = (
    "Both models may have learned the same public text.",
    "Stock phrases of assistants, templates and quotations are shared by models without any link.",
    "The subject may have been trained on third-party data that contains the source's answers.",
    "Text published by users of the source may have reached the subject's training data unnoticed.",
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The runs that one pair of answers shares outside the prompt, longest first."""

    left: Answer
    right: Answer
    runs: tuple[Run, ...]


def compare(
    s: Connection,
    *,
    subject: str,
    source: str,
    controls: Sequence[str],
    min_words: int = MIN_WORDS,
    seed: int = 20260101,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The body of an overlap finding over the prompts that all models answered.

    Args:
        s: A reading session.
        subject: Model examined.
        source: Model whose outputs it may carry.
        controls: Models known to have no link to the source; at least one.
        min_words: Shortest run that counts, in words.
        seed: Of the random draw of pairs that are shown.
        progress: Told the models done.

    Raises:
        CaseKitError: A model has no answers or two parts, no control is named, or too few prompts are common
            to all.
    """
    progress = progress or Silent()
    controls = list(dict.fromkeys(controls))
    apart(subject, source, controls)
    models = _answers(s, [subject, source, *controls])
    if not controls:
        raise CaseKitError("An overlap finding needs at least one control model: name one.")
    prompts = sorted(set.intersection(*(set(answers) for answers in models.values())))
    if len(prompts) < LEAST_PROMPTS:
        raise CaseKitError(
            "Only {n} prompts were answered by all of the models named; at least {least} are needed.",
            n=len(prompts),
            least=LEAST_PROMPTS,
        )
    found: dict[str, list[Shared]] = {}
    for done, model in enumerate([subject, *controls]):
        progress.step(done, len(controls) + 1, f"comparing {model} with {source}")
        found[model] = [shared_by(models[model][p], models[source][p], min_words) for p in prompts]
    progress.step(len(controls) + 1, len(controls) + 1, "overlap computed")
    return _body(models, found, prompts, subject, source, controls, min_words, seed)


def apart(subject: str, source: str, controls: Sequence[str]) -> None:
    """Go on only if subject, source and controls are different models.

    Raises:
        CaseKitError: One is named in two parts.
    """
    named = [subject, source, *controls]
    for name in named:
        if named.count(name) > 1:
            raise CaseKitError(
                "{model} cannot be two of subject, source and control: name another model.",
                model=name,
            )


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with the error rate that the controls allow."""
    result, controls = body["result"], body["controls"]
    named = ", ".join(f"{c['model']} on {c['hits']}" for c in controls)
    return (
        f"On {result['hits']} of {result['prompts']} prompts the subject's answer shares a run of at least "
        f"{body['parameters']['min_words']} words with the source's; of the controls, {named}. "
        f"{result['controls_at_least_as_high']} of {result['controls']} controls reach the subject's rate "
        f"(p = {result['p']:.2f}, which {result['controls']} control "
        f"{'model' if result['controls'] == 1 else 'models'} cannot bring below "
        f"{result['p_floor']:.2f}). This does not show by itself how the wording came to be shared."
    )


def _answers(s: Connection, names: Sequence[str]) -> dict[str, dict[bytes, Answer]]:
    models: dict[str, dict[bytes, Answer]] = {}
    for name in names:
        models[name] = exchanges.by_prompt(s, name)
        if not models[name]:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    return models


def shared_by(left: Answer, right: Answer, min_words: int) -> Shared:
    """The runs of `min_words` words or more that two answers share outside what quotes the left prompt."""
    quoted = _grams(left.prompt)
    runs = [
        piece
        for run in shared_runs(left.output, right.output, min_words)
        for piece in _outside_prompt(run, left.output, right.output, quoted, min_words)
    ]
    return Shared(left, right, tuple(sorted(runs, key=lambda r: (-r.words, r.a_start))))


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = [atom.folded for atom in matching.atoms(text)]
    return frozenset(tuple(words[k : k + QUOTE_WORDS]) for k in range(len(words) - QUOTE_WORDS + 1))


def _outside_prompt(
    run: Run, left: str, right: str, quoted: frozenset[tuple[str, ...]], min_words: int
) -> Iterator[Run]:
    """The pieces of a run, at least `min_words` long, that quote no `QUOTE_WORDS` words of the prompt."""
    ours = list(matching.atoms(left[run.a_start : run.a_stop]))
    theirs = list(matching.atoms(right[run.b_start : run.b_stop]))
    words = [atom.folded for atom in ours]
    in_prompt = [False] * len(words)
    for k in range(len(words) - QUOTE_WORDS + 1):
        if tuple(words[k : k + QUOTE_WORDS]) in quoted:
            in_prompt[k : k + QUOTE_WORDS] = [True] * QUOTE_WORDS
    first = 0
    for covered, group in itertools.groupby(in_prompt):
        length = sum(1 for _ in group)
        last = first + length - 1
        if not covered and length >= min_words:
            yield Run(
                run.a_start + ours[first].start,
                run.a_start + ours[last].stop,
                run.b_start + theirs[first].start,
                run.b_start + theirs[last].stop,
                length,
            )
        first += length


def _joined(text: str) -> str:
    return f" {' '.join(atom.folded for atom in matching.atoms(text))} "


def _body(
    models: dict[str, dict[bytes, Answer]],
    found: dict[str, list[Shared]],
    prompts: list[bytes],
    subject: str,
    source: str,
    controls: list[str],
    min_words: int,
    seed: int,
) -> dict[str, Any]:
    rates = {model: sum(bool(pair.runs) for pair in pairs) for model, pairs in found.items()}
    share = {model: hits / len(prompts) for model, hits in rates.items()}
    return {
        "v": 2,
        "question": {
            "h1": f"{subject} was trained on answers of {source}.",
            "h0": f"{subject} was trained without answers of {source}; what they share comes from common "
            "sources and common style.",
        },
        "inputs": [
            {
                "model": model,
                "role": "subject"
                if model == subject
                else "source"
                if model == source
                else "control",
                "answers": len(prompts),
                "root": canonical.root(answers[p].digest for p in prompts).hex(),
            }
            for model, answers in models.items()
        ],
        "parameters": {
            "quoted_words": QUOTE_WORDS,
            "min_words": min_words,
            "prompts": len(prompts),
            "words": "letters and digits without case or accents; a Chinese character is a word",
        },
        "seed": seed,
        "versions": {"casekit": casekit.__version__, "python": platform.python_version()},
        "controls": [
            {
                "model": c,
                "prompts": len(prompts),
                "hits": rates[c],
                "share": round(share[c], 4),
                "interval": interval(rates[c], len(prompts)),
            }
            for c in controls
        ],
        "result": _result(rates[subject], len(prompts), [share[c] for c in controls]),
        "pairs": _pairs(models, found[subject], prompts, controls, seed),
        "limitations": list(LIMITATIONS),
        "innocent": list(INNOCENT),
        "dropped": [],
    }


def _result(hits: int, prompts: int, nulls: list[float]) -> dict[str, Any]:
    """The subject's rate, and what the controls allow to be said of it."""
    share = hits / prompts
    above = sum(null >= share for null in nulls)
    return {
        "hits": hits,
        "prompts": prompts,
        "share": round(share, 4),
        "interval": interval(hits, prompts),
        "controls": len(nulls),
        "controls_at_least_as_high": above,
        "p": round(conformal_p(share, nulls), 4),
        "p_floor": round(1 / (1 + len(nulls)), 4),
        "false_positive_upper": round(upper_bound(above, len(nulls)), 4),
    }


def _pairs(
    models: dict[str, dict[bytes, Answer]],
    shared: list[Shared],
    prompts: list[bytes],
    controls: list[str],
    seed: int,
) -> list[dict[str, Any]]:
    """The pairs that are shown: those with the longest runs, and a seeded draw from the others."""
    ranked = sorted(
        (n for n in range(len(shared)) if shared[n].runs),
        key=lambda n: (-shared[n].runs[0].words, n),
    )
    rest = [n for n in range(len(shared)) if n not in ranked[:SHOWN_TOP]]
    drawn = random.Random(seed).sample(rest, min(SHOWN_RANDOM, len(rest)))
    shown = [
        (n, f"rank {k} of {len(shared)} by longest run")
        for k, n in enumerate(ranked[:SHOWN_TOP], 1)
    ]
    shown += [(n, f"drawn at random with seed {seed}") for n in sorted(drawn)]
    return [_pair(models, shared[n], prompts[n], controls, why) for n, why in shown]


def _pair(
    models: dict[str, dict[bytes, Answer]],
    pair: Shared,
    prompt: bytes,
    controls: list[str],
    why: str,
) -> dict[str, Any]:
    theirs = [_joined(models[c][prompt].output) for c in controls]
    runs = []
    in_order = sorted(pair.runs, key=lambda r: r.a_start)
    for number, run in enumerate(in_order, 1):
        words = _joined(pair.left.output[run.a_start : run.a_stop])
        holding = sum(words in text for text in theirs)
        runs.append(
            {
                "no": number,
                "words": run.words,
                "left": [run.a_start, run.a_stop],
                "right": [run.b_start, run.b_stop],
                "in_prompt": False,
                "controls_with": holding,
                "controls": len(controls),
                "upper": round(upper_bound(holding, len(controls)), 4),
            }
        )
    return {
        "why": why,
        "prompt": pair.left.prompt,
        "left": {"item_id": pair.left.item_id, "text": pair.left.output},
        "right": {"item_id": pair.right.item_id, "text": pair.right.output},
        "runs": runs,
    }
