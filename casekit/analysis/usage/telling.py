"""What a finding on usage says of each analytic: figures beside their controls, and a sentence of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from casekit.analysis.usage import (
    coverage,
    features,
    infrastructure,
    keys,
    lifecycle,
    naming,
    networks,
    reappear,
    running,
    volume,
    worth,
)
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.analytics import ANALYTICS
from casekit.analysis.usage.prices import Prices
from casekit.analysis.usage.running import GROUPS_TESTED, Run
from casekit.clock import from_us

LEVEL = 0.05


def analytics(run: Run, listed: Prices | None = None) -> list[dict[str, Any]]:
    """Every analytic of a run, in order of number."""
    told = [_infrastructure(run), *_compared(run), _synchrony(run), _volume(run, listed)]
    return sorted(told, key=lambda one: int(str(one["id"])[1:]))


def _infrastructure(run: Run) -> dict[str, Any]:
    lacking = [frames.WORDS.get(kind, f"{kind}s") for kind in run.traits.lacking]
    kinds = len(infrastructure.KINDS) - len(lacking)
    largest, reached = len(run.groups[0].members) if run.groups else 0, int(run.rewired.max())
    as_large = int((run.rewired >= largest).sum()) if largest else len(run.rewired)
    refused = None if kinds > 1 else f"this log has no {' and no '.join(lacking)}"
    return {
        "id": "A1",
        "name": "Infrastructure",
        "refused": refused,
        "kinds_lacking": lacking,
        "groups": len(run.groups),
        "largest_group": largest,
        "largest_in_rewirings": reached,
        "rewirings": len(run.rewired),
        "p": rounded((1 + as_large) / (1 + len(run.rewired))),
        "sentence": ""
        if refused
        else (
            f"{len(run.groups)} groups of {infrastructure.LEAST_GROUP} accounts or more share traits of two "
            f"kinds beyond chance; the largest has {largest}. In {len(run.rewired)} random re-assignments "
            f"of the traits the largest such group had {reached}."
        ),
        "consistent_with": "accounts that one hand runs",
        "innocent": [
            "An office, a campus or a hosting company lends many people the same addresses and programs.",
            "Accounts of one company share what it pays with.",
        ],
        "accounts": running.named(run),
        "others_showing": int((run.group_of >= 0).sum()) - len(running.named(run)),
        "query": run.traits.query,
    }


def _compared(run: Run) -> list[dict[str, Any]]:
    """What is said of every analytic that compares accounts."""
    heads = [
        ("A3", "Template prompting", "prompts made by a program from sentences with blanks", (
            "Products, evaluations and teaching fill sentences with blanks too.",)),
        ("A4", "Coverage", coverage.READS_AS, coverage.INNOCENT),
        ("A14", "Account life cycle", lifecycle.READS_AS, lifecycle.INNOCENT),
        ("A15", "Answers that re-appear", reappear.READS_AS, reappear.INNOCENT),
        *((a.id, a.name, a.reads_as, a.innocent) for a in ANALYTICS),
    ]  # fmt: skip
    return [_one(run, *head) for head in heads]


def _one(run: Run, id_: str, name: str, reads_as: str, innocent: Sequence[str]) -> dict[str, Any]:
    rows = [k for k, (_, c) in enumerate(run.compared) if c.measure.id == id_]
    refused = None if rows else run.refused.get(id_)
    more = {} if refused or id_ not in MORE else MORE[id_](run)
    showing = np.isin(run.group_of, more.pop("showing", ()))
    for k in rows:
        showing |= _shows(run, k)
    chosen = np.zeros(len(showing), dtype=bool)
    for verdict in run.verdicts:
        chosen[verdict.named] = True
    said = [*(_told(run, k) for k in rows), more.get("besides", "")]
    return {
        "id": id_,
        "name": name,
        "refused": refused,
        "measures": [_measure(run, k) for k in rows],
        "sentence": " ".join(one for one in said if one),
        "consistent_with": reads_as,
        "innocent": list(innocent),
        "accounts": [run.frame.accounts[k] for k in np.flatnonzero(showing & chosen)],
        "others_showing": int((showing & ~chosen).sum()),
        **more,
    }


def _coverage(run: Run) -> dict[str, Any]:
    """A4 by group: subjects met, and how long the list is that its questions may come from."""
    rows, said = [], []
    for n, spread in enumerate(run.spread):
        told = {k: rounded(v) if isinstance(v, float) else v for k, v in spread.items()}
        rows.append({"group": n + 1, **told})
        if not len(run.verdicts[n].named):
            continue
        least = told["questions_at_least"]
        said.append(
            f"Group {n + 1}: {told['prompts']:,} prompts over {told['subjects_met']} of "
            f"{features.SUBJECTS} subjects, as varied as {told['subjects_as_if_even']:.1f} used evenly "
            f"({told['subjects_as_if_even_outside']:.1f} for accounts in no group); {told['questions']:,} "
            "different questions, numbers left out"
            + (f", which come from a list of at least {least:,}." if least else ".")
        )
    return {"groups": rows, "besides": " ".join(said)}


def _life(run: Run) -> dict[str, Any]:
    """A14 by group: births in one day, silences, and who took over."""
    rows, said = [], []
    showing = [n for n, q in enumerate(run.cycles_q) if any(one <= LEVEL for one in q)]
    for n, (cycle, (born_q, resumed_q)) in enumerate(zip(run.cycles, run.cycles_q, strict=True)):
        together, resumed = cycle.together, cycle.resumed
        row = {
            "group": n + 1, "born": cycle.born, "born_in_one_day": together and together.count,
            "expected": together and rounded(together.expected), "p": together and rounded(together.p),
            "q": rounded(born_q), "silent": cycle.silent, "refused_at_end": cycle.refused,
            "resumed": resumed and resumed.count, "resumed_expected": resumed and rounded(resumed.expected),
            "resumed_p": resumed and rounded(resumed.p), "resumed_q": rounded(resumed_q),
        }  # fmt: skip
        rows.append(row)
        if not len(run.verdicts[n].named):
            continue
        said.append(
            f"Group {n + 1}: {cycle.born:,} of its accounts appear after the log’s first week"
            + (
                f", {together.count:,} of them within one day, {together.expected:,.1f} where births are "
                f"exchanged with controls’ (p = {together.p:.4f}, corrected {born_q:.4f})"
                if together
                else ""
            )
            + f"; {cycle.silent:,} fell silent a week or more before the log ends"
            + (
                f", after {resumed.count:,} of which another that follows the same script appeared within a "
                f"day ({resumed.expected:,.1f} likewise; p = {resumed.p:.4f}, corrected {resumed_q:.4f})"
                if resumed
                else ""
            )
            + "."
        )
    return {
        "groups": rows, "draws": lifecycle.DRAWS, "showing": showing, "besides": " ".join(said)
    }  # fmt: skip


def _again(run: Run) -> dict[str, Any]:
    """A15 by model, and the pairs to be read."""
    assert run.models is not None
    assert run.reappearing is not None
    rows = reappear.by_model(run.reappearing, run.models)
    subject, others = rows[0], rows[1:]
    groups = {int(a): n + 1 for n, v in enumerate(run.verdicts) for a in v.named}
    p = reappear.rank(run.reappearing, run.models)
    named = ", ".join(f"{r['reappearing']:,} in {r['model']}’s {r['answers']:,}" for r in others)
    return {
        "models": rows,
        "run_words": reappear.RUN,
        "p": rounded(p),
        "p_floor": rounded(1 / (1 + len(others))),
        "pairs": reappear.pairs(run.reappearing, run.models, run.frame.accounts, groups),
        "besides": (
            f"{subject['reappearing']:,} answers of the log share {reappear.RUN} words or more in a row with "
            f"{subject['answers']:,} answers of {subject['model']}; {named}. {len(others)} "
            f"{'control model' if len(others) == 1 else 'control models'} cannot bring p below "
            f"{1 / (1 + len(others)):.2f}; it is {p:.2f}."
        ),
    }


def _keys(run: Run) -> dict[str, Any]:
    """A2: the hours in which one key of a named account was used from most countries."""
    rows, query = keys.widest(run.frame, running.named(run))
    if not rows:
        return {}
    first = rows[0]
    when = from_us(first["hour"] * frames.HOUR_US).strftime("%Y-%m-%d %H:00 UTC")
    return {
        "widest": rows,
        "query": query,
        "besides": (
            f"In the hour of {when} one key of {first['account']} was used from {first['countries']} "
            f"countries, in {first['requests']:,} requests."
        ),
    }


def _dates(run: Run) -> dict[str, Any]:
    """A10 by group: the move at a release beside the same on days without one."""
    rows, said = [], []
    for n, (found, q) in enumerate(zip(run.placebos, run.placebos_q, strict=True)):
        if found is None:
            continue
        rows.append(
            {
                "group": n + 1, "model": found.model, "new_at_release": rounded(found.share),
                "new_outside": rounded(found.outside), "dates": found.dates,
                "apart_on_dates": rounded(found.mean), "apart_at_most": rounded(found.most),
                "p": rounded(found.p), "q": rounded(q),
            }
        )  # fmt: skip
        if not len(run.verdicts[n].named):
            continue
        said.append(
            f"Group {n + 1}: {found.share:.1%} of its requests in the 72 hours from the first one to "
            f"{found.model} went to models new to its accounts, {found.outside:.1%} of those of accounts "
            f"in no group; on {found.dates} days without a release the group was "
            f"{100 * found.mean:+.1f} points apart on average and {100 * found.most:+.1f} at most "
            f"(p = {found.p:.3f}, corrected {q:.3f}; so many days cannot bring p below "
            f"{1 / (1 + found.dates):.3f})."
        )
    if run.placebos_refused:
        said.append(f"Not held against days without a release: {run.placebos_refused}.")
    told: dict[str, Any] = {"groups": rows, "besides": " ".join(said)}
    return told | {"query": run.placebos_query} if run.placebos_query else told


def _kinds(run: Run) -> dict[str, Any]:
    """A13: of which kinds networks are, or why nothing is said of that."""
    if run.networks is None:
        return {"networks_refused": networks.NO_TABLE}
    most = networks.mostly(run.frame, "asn", run.networks)
    said = []
    for n, verdict in enumerate(run.verdicts):
        if len(verdict.named):
            counts = Counter(most[k] for k in verdict.named)
            told = [f"{counts[kind]:,} {kind}" for kind in networks.KINDS if counts[kind]] + [
                f"{counts[k]:,} {word}"
                for k, word in ((networks.SEVERAL, "several"), (None, "unknown"))
                if counts[k]
            ]
            said.append(
                f"Group {n + 1}, accounts named by the kind of network of most of their requests: "
                f"{', '.join(told)}."
            )
    return {"besides": " ".join(said)}


MORE: Mapping[str, Callable[[Run], dict[str, Any]]] = {
    "A2": _keys, "A4": _coverage, "A10": _dates, "A13": _kinds, "A14": _life, "A15": _again,
}  # fmt: skip
"""What an analytic says besides its measures; `besides` is that in words, and the end of its sentence."""


def _synchrony(run: Run) -> dict[str, Any]:
    who, rows, said = [], [], []
    for n, met in enumerate(run.together):
        if met is None:
            continue
        divided = run.divided[n]
        rows.append(
            {
                "group": n + 1, "meetings": met.meetings, "expected": rounded(met.expected),
                "p": rounded(met.p), "q": rounded(run.together_q[n]), "draws": met.draws,
                "wordings": divided.wordings, "asked_by_several": divided.asked_by_several,
                "by_several_expected": divided.expected and rounded(divided.expected),
                "by_several_p": divided.p and rounded(divided.p),
                "by_several_q": rounded(run.divided_q[n]),
            }
        )  # fmt: skip
        if not len(run.verdicts[n].named):
            continue
        if run.together_q[n] <= naming.LEVEL:
            who += [run.frame.accounts[k] for k in run.verdicts[n].named]
        said.append(
            f"Group {n + 1}: pairs of accounts were active in the same five minutes {met.meetings:,} times, "
            f"{met.expected:,.1f} times when each account’s times were moved at random (p = {met.p:.4f}, "
            f"corrected {run.together_q[n]:.4f}); of {divided.wordings:,} wordings of its scripts, numbers "
            f"left out, {divided.asked_by_several:,} were asked by several accounts"
            + (
                ""
                if divided.p is None
                else f", {divided.expected:,.1f} where it is drawn anew who asks which (p = {divided.p:.4f}, "
                f"corrected {run.divided_q[n]:.4f})"
            )
            + "."
        )
    return {
        "id": "A12",
        "name": "Synchrony",
        "refused": run.refused.get("A12"),
        "groups": rows,
        "sentence": " ".join(said),
        "consistent_with": "accounts that one timetable moves",
        "innocent": ["Jobs that start at the full hour meet without knowing of each other."],
        "accounts": sorted(who),
        "others_showing": sum(
            len(run.groups[n].members) - len(v.named)
            for n, v in enumerate(run.verdicts)
            if run.together_q[n] <= naming.LEVEL
        ),
        "query": run.together_query,
    }


def _volume(run: Run, listed: Prices | None) -> dict[str, Any]:
    """How much the log, its groups and its largest accounts asked, and what that is at list price."""
    frame = run.frame
    members = {
        str(n + 1): [frame.accounts[k] for k in group.members]
        for n, group in enumerate(run.groups[:GROUPS_TESTED])
    }
    told: dict[str, Any] = {
        "id": "A16",
        "name": "Volume and value",
        "refused": None,
        "value_refused": None,
        **volume.volume(frame, members),
        "sentence": f"{frame.rows:,} exchanges: a quantity, not a measure of loss.",
        "consistent_with": "use of any kind",
        "innocent": ["Large customers ask much."],
        "accounts": [],
        "others_showing": 0,
    }
    why = "no table of list prices was given" if listed is None else _no_value(frame)
    if listed is None or why:
        return {**told, "value_refused": why}
    value = worth.value(frame, listed, members)
    said = f"{frame.rows:,} exchanges. {worth.sentence(value, listed)}"
    return {**told, "sentence": said, "value": value}


def _no_value(frame: frames.Frame) -> str:
    """Why nothing can be valued; empty if something can."""
    lacking = frame.lacking("model", "us")
    return lacking or (frame.lacking("input_tokens") and frame.lacking("output_tokens"))


def _shows(run: Run, k: int) -> Any:
    """The accounts that stand out by themselves, or are above their controls in a group that does."""
    _, compared = run.compared[k]
    out = np.nan_to_num(run.account_q[k], nan=1.0) <= LEVEL
    above = np.nan_to_num(compared.measure.values - compared.expected, nan=-1.0) > 0
    for n, q in enumerate(run.group_q[k]):
        if q <= naming.LEVEL:
            out |= above & (run.group_of == n)
    return out


def _measure(run: Run, k: int) -> dict[str, Any]:
    _, compared = run.compared[k]
    m = compared.measure
    known = ~np.isnan(m.values)
    outside = known & (run.group_of < 0)
    groups = [
        {
            "group": n + 1, "members": t.members, "mean": rounded(t.mean), "controls": t.controls,
            "control_mean": rounded(t.control_mean), "p": rounded(t.p), "q": rounded(q),
        }
        for n, (t, q) in enumerate(zip(compared.groups, run.group_q[k], strict=True)) if t is not None
    ]  # fmt: skip
    return {
        "key": m.key,
        "what": m.what,
        "accounts_measured": int(known.sum()),
        "ungrouped_median": rounded(np.median(m.values[outside])) if outside.any() else None,
        "p_below_level": int((np.nan_to_num(compared.p, nan=1.0) <= LEVEL).sum()),
        "q_below_level": int((np.nan_to_num(run.account_q[k], nan=1.0) <= LEVEL).sum()),
        "level": LEVEL,
        "groups": groups,
        "query": m.query,
    }


def _told(run: Run, k: int) -> str:
    """A measure in words, for the groups that are named; for none, what the controls show."""
    _, compared = run.compared[k]
    said = []
    for n, (test, verdict) in enumerate(zip(compared.groups, run.verdicts, strict=False)):
        if test is None or not len(verdict.named):
            continue
        if (compared.measure.id, compared.measure.key) == ("A4", "distance"):
            said.append(
                f"Group {n + 1}, distance of what is asked (MMD²): {rounded(test.mean):,} between its "
                f"{test.members:,} accounts and {test.controls:,} controls, "
                f"{rounded(test.control_mean):,} where accounts are exchanged "
                f"(p = {test.p:.4f}, corrected {run.group_q[k][n]:.4f})."
            )
        else:
            said.append(
                f"Group {n + 1}, {compared.measure.what}: {rounded(test.mean):,} on average over "
                f"{test.members:,} accounts, {rounded(test.control_mean):,} over {test.controls:,} controls "
                f"(p = {test.p:.4f}, corrected {run.group_q[k][n]:.4f})."
            )
    return " ".join(said)


def rounded(value: float) -> float | None:
    """Six significant digits, so that machines agree; None for what is no number."""
    number = float(value)
    return None if np.isnan(number) else float(f"{number:.6g}")
