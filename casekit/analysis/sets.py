"""Overlap of sets: what the subject's answers have in common with all of the source's, beside controls.

Five measures of each model against the same set of the source's answers, and a sixth on request:

- `exact`: answers with the same words throughout, at least `min_words` of them;
- `near`: near-duplicates (`near`), 0.8 of the word pairs of both;
- `runs`: answers that share a run of at least `min_words` words with any answer of the source, none missed
  (`winnowing`); `same`: with its answer to the same prompt;
- `rare`: sequences of five words that both have, weighed by how few other families have them;
- `meaning`: the nearest answer of the source at a cosine of 0.9 or more.

Subject and controls answered the same prompts. The unit of error is the family: a family counts with its
highest model, and the p-value, of `rare` alone, cannot fall below one by the families and one. The other
measures stand beside it with how many families reach the subject; they are not further tests. Without enough
families there is no figure at all.
"""

from __future__ import annotations

import platform
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

import casekit
from casekit.analysis import near, population, shared_sets, winnowing
from casekit.analysis.overlap import apart
from casekit.analysis.population import Member
from casekit.analysis.shared_sets import Comparison, Listed, Logged, Shared
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges, matching
from casekit.queries.exchanges import Answer
from casekit.search.engine import Embedder
from casekit.search.runs import Run
from casekit.store import canonical

MIN_WORDS = 8
LEAST_PROMPTS = 50
LEAST_FAMILIES = 5
MISSING = 0.02  # of the prompts; a control that misses more is left out
SHOWN_TOP = 4
SHOWN_RANDOM = 2
MOST_ITEMS = 2_000  # of one hit list that are kept
SEED = 20260101
MEASURES = ("exact", "near", "runs", "same", "rare", "meaning")

LIMITATIONS = (
    "The number of control families bounds the error rate: with n families and none above the subject, the "
    "p-value cannot fall below 1/(n+1).",
    "The families of controls stand for models without the source's answers only as far as they are like the "
    "subject in age, size, language and kind of training.",
    "Prompts were not drawn at random from all possible prompts; the shares hold for these prompts, and one "
    "answer of each model to each.",
    "Long answers share more runs than short ones: a talkative model is nearer to every source.",
    "Rewriting takes away runs and rare wording: that they are absent clears nobody.",
    "What two sets have in common does not show by itself how it came about, and says nothing of intent, "
    "access or a breach of terms.",
)
INNOCENT = (
    "Both models may have learned the same public text, the source's published answers among it.",
    "Stock phrases of assistants, templates and quotations are shared by models without any link.",
    "The subject may have been trained on third-party data that contains the source's answers.",
    "It may have learned from another model that was itself trained on the source's answers.",
)

Answers = dict[str, dict[bytes, Answer]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question: who is compared with whom, by what."""

    subject: str
    source: str
    controls: tuple[str, ...]
    families: dict[str, str]
    served: bool
    min_words: int
    meaning: bool
    seed: int
    dropped: list[str]

    @property
    def examined(self) -> tuple[str, ...]:
        """Subject and controls."""
        return (self.subject, *self.controls)

    @property
    def parameters(self) -> dict[str, Any]:
        """As the finding keeps them."""
        return {
            "subject": self.subject, "source": self.source, "controls": list(self.controls),
            "families": [self.families[m] for m in self.examined], "served": self.served,
            "min_words": self.min_words, "fingerprint_words": min(winnowing.SIZE, self.min_words),
            "rare_words": shared_sets.RARE_WORDS, "near_alike": near.ALIKE, "meaning": self.meaning,
            "cosine": shared_sets.COSINE if self.meaning else None, "least_prompts": LEAST_PROMPTS,
            "least_families": LEAST_FAMILIES, "missing": MISSING,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Controls:
    """Who stands for models without the source's answers.

    Attributes:
        models: By name.
        families: Of models that belong together; a model that is not named is a family of its own.
        left: Who was left out, and why.
    """

    models: tuple[str, ...]
    families: Mapping[str, str]
    left: tuple[str, ...] = ()


def controls_of(
    members: Sequence[Member], subject: str, source: str, named: Sequence[str] = ()
) -> Controls:
    """The controls that are named, or else all strangers of a population.

    Raises:
        CaseKitError: A named one is no stranger in the population, or the source is no original of it.
    """
    if not members:
        return Controls(tuple(dict.fromkeys(named)), {})
    own = next((m.family for m in members if m.model == subject), None)
    sides = population.without_family(population.sort(members, [source], own), own)
    families = {m: f for f, models in sides.strangers.items() for m in models if m != subject}
    for name in named:
        if name not in families:
            why = sides.aside.get(name) or "the population does not list it as a stranger"
            raise CaseKitError("{model} cannot be a control: {why}.", model=name, why=why)
    chosen = tuple(dict.fromkeys(named or families))
    left = () if named else tuple(f"{m}: {why}" for m, why in sides.aside.items() if m != subject)
    return Controls(chosen, families, left)


def compare(
    s: Connection, *, subject: str, source: str, controls: Controls, served: bool = False,
    min_words: int = MIN_WORDS, meaning: Embedder | None = None, seed: int = SEED,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a finding on the overlap of whole sets.

    Args:
        s: A reading session.
        subject: Model examined.
        source: Model whose answers it may carry.
        controls: Models known to have no link to the source.
        served: The source's set is what its API log served, instead of the outputs collected from it.
        min_words: Shortest run that counts, in words.
        meaning: The engine that compares meanings; None to leave them out.
        seed: Of the random draw of pairs that are shown.
        progress: Told what is done.

    Raises:
        CaseKitError: A model has no answers or two parts, or nobody is named as control.

    Returns:
        The body; where the data cannot support a figure `result.refused` says why.
    """
    progress = progress or Silent()
    apart(subject, source, controls.models)
    if not controls.models:
        raise CaseKitError(
            "A finding on the overlap of sets needs control models: name them, or a population."
        )
    if served and meaning is not None:
        raise CaseKitError(
            "Meanings are compared with outputs only: a whole log would take too long."
        )
    families = {m: controls.families.get(m, m) for m in (subject, *controls.models)}
    asked = _Asked(
        subject, source, controls.models, families, served, min_words, meaning is not None, seed,
        list(controls.left),
    )  # fmt: skip
    answers = {m: exchanges.by_prompt(s, m) for m in asked.examined}
    log = Logged(s, source)
    if not served:
        answers[source] = exchanges.by_prompt(s, source)
    for name, given in answers.items():
        if not given and name not in controls.models:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    asked, prompts, refused = _prompts(asked, answers)
    if refused:
        return _body(asked, answers, [], log, {"refused": refused})
    return _computed(asked, answers, prompts, log, meaning, progress)


def engine() -> Embedder:
    """The engine that compares meanings: the model that comes with CaseKit."""
    from casekit.search import engine as engines

    return engines.load()


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with the error rate that the controls allow."""
    result = body["result"]
    if result["refused"]:
        return f"No figure: {result['refused']}."
    words = body["parameters"]["min_words"]
    own = body["examined"]
    others = [row["runs"] for row in body["controls"]]
    return (
        f"Of the subject's {result['prompts']:,} answers {100 * own['runs']:.1f} % share a run of at least "
        f"{words} words with some of the source's {result['source_answers']:,}; of the controls' "
        f"{100 * min(others):.1f} to {100 * max(others):.1f} %. The longest run has {own['longest']} words, "
        f"among the controls up to {max(row['longest'] for row in body['controls'])}. By rare wording, "
        f"{result['rare']:.2f} against {min(r['rare'] for r in body['controls']):.2f} to "
        f"{max(r['rare'] for r in body['controls']):.2f}, {result['families_at_least_as_high']} of "
        f"{result['families']} families of controls are as high: p = {result['p']:.2f}, which they cannot "
        f"bring below {result['p_floor']:.2f}; wrong in up to {result['false_positive_upper_bound']:.0%} of "
        "such cases. This does not show by itself how the wording came to be shared."
    )


def _prompts(asked: _Asked, answers: Answers) -> tuple[_Asked, list[bytes], str]:
    """The question with the controls that answered, the prompts, or why there is nothing to compare."""
    named = [asked.subject] if asked.served else [asked.subject, asked.source]
    wanted = set.intersection(*(set(answers[m]) for m in named))
    kept, dropped = [], []
    for model in asked.controls:
        lacking = sum(p not in answers[model] for p in wanted)
        if not wanted or lacking > MISSING * len(wanted):
            dropped.append(f"{model}: it lacks answers to {lacking} of these prompts")
        else:
            kept.append(model)
    prompts = sorted(p for p in wanted if all(p in answers[m] for m in kept))
    asked = _without(asked, kept, dropped)
    number = len({asked.families[m] for m in kept})
    if number < LEAST_FAMILIES:
        return (
            asked,
            prompts,
            (
                f"there are {number} families of controls that answered these prompts; at least "
                f"{LEAST_FAMILIES} are needed"
            ),
        )
    if len(prompts) < LEAST_PROMPTS:
        return (
            asked,
            prompts,
            (
                f"only {len(prompts)} prompts were answered by all of the models; at least {LEAST_PROMPTS} are "
                "needed"
            ),
        )
    for model in (*named, *kept):
        tempers = {answers[model][p].temperature for p in prompts} - {None}
        if len(tempers) > 1:
            return asked, prompts, f"the answers of {model} were made with different temperatures"
    return asked, prompts, ""


def _without(asked: _Asked, kept: Sequence[str], dropped: Sequence[str]) -> _Asked:
    return _Asked(
        asked.subject, asked.source, tuple(kept), asked.families, asked.served, asked.min_words,
        asked.meaning, asked.seed, [*asked.dropped, *dropped],
    )  # fmt: skip


def _computed(
    asked: _Asked, answers: Answers, prompts: list[bytes], log: Logged, meaning: Embedder | None,
    progress: Progress,
) -> dict[str, Any]:  # fmt: skip
    examined = {m: [answers[m][p] for p in prompts] for m in asked.examined}
    comparison = Comparison(examined, asked.min_words, progress)
    source = log if asked.served else Listed([answers[asked.source][p] for p in prompts])
    comparison.read(source, None if asked.served else prompts)
    if asked.served and not log.ids:
        raise CaseKitError(
            "There are no answers of a model “{name}” in an API log of this case.",
            name=asked.source,
        )
    families = {m: asked.families[m] for m in asked.examined}
    shared = comparison.shared(families, {asked.subject: SHOWN_TOP})
    inside = [{"set": m, **comparison.inside_of(m)} for m in asked.examined]
    texts = {m: [a.output for a in given] for m, given in examined.items()}
    if not asked.served:
        theirs = [answers[asked.source][p].output for p in prompts]
        inside.append({"set": asked.source, **comparison.inside(theirs)})
    asking = [examined[asked.subject][n].prompt for n in range(len(prompts))]
    inside.append({"set": "prompts", **comparison.inside(asking)})
    if meaning is not None:
        _add_meaning(asked, shared, inside, {**texts, "prompts": asking}, theirs, meaning, progress)
    rows = [_row(asked, m, shared[m], len(prompts)) for m in asked.examined]
    result = _result(rows, len(prompts), len(log.ids) if asked.served else len(prompts))
    pairs = _pairs(asked, examined, shared[asked.subject], source)
    names = [*asked.examined, asked.source]
    versions = {} if meaning is None else _about(meaning)
    cells = comparison.matrix(not asked.served)
    mine = examined[asked.subject]
    beside = [
        {
            "model": asked.subject,
            "measure": "runs",
            "with": other,
            "items": [mine[n].item_id for n in cell.tolist()],
        }
        for other, cell in zip(asked.controls, cells[0][1:], strict=False)
        if len(cell)
    ]
    return _body(
        asked, answers, prompts, log, result, rows=rows, inside=inside,
        matrix={"rows": names[:-1] if asked.served else names, "columns": names,
                "answers": len(prompts), "hits": [[len(cell) for cell in row] for row in cells]},
        pairs=pairs, hits=[*_items(asked, examined, shared), *beside], versions=versions,
    )  # fmt: skip


def _add_meaning(
    asked: _Asked, shared: Mapping[str, Shared], inside: list[dict[str, Any]],
    texts: Mapping[str, Sequence[str]], source: Sequence[str], meaning: Embedder, progress: Progress,
) -> None:  # fmt: skip
    across, within = shared_sets.meant_alike(texts, source, meaning, progress)
    for model in asked.examined:
        shared[model].hits["meaning"] = across[model]
    for row in inside:
        row["meaning"] = within["" if row["set"] == asked.source else row["set"]]


def _about(meaning: Embedder) -> dict[str, str]:
    about = meaning.about
    return {
        "model of meanings": f"{about.model} {about.sha256[:16]}",
        "engine": f"{about.engine} f32",
    }


def _row(asked: _Asked, model: str, shared: Shared, prompts: int) -> dict[str, Any]:
    shares = {
        name: round(float(shared.hits[name].sum()) / prompts, 4)
        for name in MEASURES
        if name in shared.hits and not (name == "same" and asked.served)
    }
    return {
        "model": model, "family": asked.families[model], **shares,
        "longest": shared.longest[0].words if shared.longest else 0, "rare": round(shared.rare, 4),
    }  # fmt: skip


def _result(rows: Sequence[Mapping[str, Any]], prompts: int, source: int) -> dict[str, Any]:
    own, others = rows[0], rows[1:]
    names = sorted({row["family"] for row in others})

    def highest(measure: str) -> list[float]:
        return [max(r[measure] for r in others if r["family"] == name) for name in names]

    nulls = highest("rare")
    above = sum(null >= own["rare"] for null in nulls)
    return {
        "refused": None, "prompts": prompts, "source_answers": source, "rare": own["rare"],
        "families": len(names), "families_at_least_as_high": above,
        "p": round(conformal_p(own["rare"], nulls), 4), "p_floor": round(1 / (1 + len(nulls)), 4),
        "false_positive_upper_bound": round(upper_bound(above, len(nulls)), 4),
        "measures": [
            {
                "measure": name, "subject": own[name], "controls_median": round(float(np.median(found)), 4),
                "controls_highest": max(found), "families": len(names),
                "families_at_least_as_high": (n := sum(f >= own[name] for f in found)),
                "upper": round(upper_bound(n, len(names)), 4),
            }
            for name in (*MEASURES, "longest")
            if name in own and (found := highest(name))
        ],
    }  # fmt: skip


def _pairs(
    asked: _Asked, examined: Mapping[str, Sequence[Answer]], shared: Shared, source: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """The answers with the longest runs, and a seeded draw of those beside the same prompt, or the log's."""
    mine = examined[asked.subject]
    shown = [
        (
            mine[one.number],
            one.other,
            f"rank {k} of {len(mine)} by longest run, against the whole set",
        )
        for k, one in enumerate(shared.longest, 1)
    ]
    taken = {one.number for one in shared.longest}
    rest = [n for n in range(len(mine)) if n not in taken]
    drawn = sorted(random.Random(asked.seed).sample(rest, min(SHOWN_RANDOM, len(rest))))
    if not asked.served:
        why = f"drawn at random with seed {asked.seed}, against the answer to the same prompt"
        shown += [(mine[n], source.answer(n), why) for n in drawn]
    theirs = {m: [" ".join(matching.words(a.output)) for a in examined[m]] for m in asked.controls}
    return [_pair(asked, left, right, why, theirs) for left, right, why in shown]


def _pair(
    asked: _Asked, left: Answer, right: Answer, why: str, theirs: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    runs = winnowing.runs(left.output, right.output, (left.prompt, right.prompt), asked.min_words)
    in_order = sorted(runs, key=lambda r: r.a_start)
    return {
        "why": why, "prompt": left.prompt,
        "left": {"item_id": left.item_id, "text": left.output},
        "right": {"item_id": right.item_id, "text": right.output},
        "runs": [_run(n, run, left.output, theirs) for n, run in enumerate(in_order, 1)],
    }  # fmt: skip


def _run(number: int, run: Run, text: str, theirs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    said = f" {' '.join(matching.words(text[run.a_start : run.a_stop]))} "
    holding = sum(any(said in f" {other} " for other in texts) for texts in theirs.values())
    return {
        "no": number, "words": run.words, "left": [run.a_start, run.a_stop],
        "right": [run.b_start, run.b_stop], "in_prompt": False, "controls_with": holding,
        "controls": len(theirs), "upper": round(upper_bound(holding, len(theirs)), 4),
    }  # fmt: skip


def _items(
    asked: _Asked, examined: Mapping[str, Sequence[Answer]], shared: Mapping[str, Shared]
) -> list[dict[str, Any]]:
    """The items behind every share, so that each number can be opened."""
    return [
        {
            "model": model, "measure": name, "with": asked.source,
            "items": [examined[model][n].item_id for n in np.flatnonzero(hit).tolist()[:MOST_ITEMS]],
        }
        for model in asked.examined
        for name, hit in shared[model].hits.items()
        if hit.any()
    ]  # fmt: skip


def _body(
    asked: _Asked, answers: Answers, prompts: Sequence[bytes], log: Logged, result: dict[str, Any], *,
    rows: Sequence[dict[str, Any]] = (), inside: Sequence[dict[str, Any]] = (),
    matrix: Mapping[str, Any] | None = None, pairs: Sequence[dict[str, Any]] = (),
    hits: Sequence[dict[str, Any]] = (), versions: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    role = {asked.subject: "subject", asked.source: "source"}
    inputs = [
        {
            "model": model, "role": role.get(model, "control"), "answers": len(prompts),
            "root": canonical.root(given[p].digest for p in prompts).hex(),
        }
        for model, given in answers.items()
        if model in (*asked.examined, asked.source)
    ] if not result["refused"] else []  # fmt: skip
    if asked.served and inputs:
        inputs.append(
            {"model": asked.source, "role": "source", "answers": len(log.ids),
             "root": canonical.root(log.digests).hex()}
        )  # fmt: skip
    body: dict[str, Any] = {
        "v": 1,
        "question": {
            "h1": f"{asked.subject} was trained on answers of {asked.source}.",
            "h0": f"{asked.subject} was trained without answers of {asked.source}; what the sets share comes "
            "from common sources and common style.",
        },
        "inputs": inputs, "parameters": asked.parameters, "seed": asked.seed, "result": result,
        "examined": dict(rows[0]) if rows else {}, "controls": list(rows)[1:], "inside": list(inside),
        "matrix": dict(matrix or {}), "pairs": list(pairs), "hits": list(hits),
        "limitations": list(LIMITATIONS), "innocent": list(INNOCENT), "dropped": asked.dropped,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
            **(versions or {}),
        },
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}
