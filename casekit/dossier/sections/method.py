"""How each finding was made, from its own record: question, data, parameters, versions, controls, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from casekit.dossier.sections.common import flattened, plain
from casekit.dossier.sections.stated import is_open, or_gap
from casekit.dossier.sheet import Block, Chapter, Fact, Facts, Remark
from casekit.dossier.spec import METHOD, DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries import findings as finding_queries


def blocks(
    s: Connection, spec: DossierSpec, chapters: Sequence[Chapter], words: Wording, *, draft: bool
) -> tuple[Block, ...]:
    """One table a finding that is in the dossier; a row that its record says nothing of says so.

    What a person states of them follows, if they state anything.

    Source of the rows: Federal Rule of Evidence 702 (1 December 2023) and the questions of Daubert.
    """
    wanted = [chapter for chapter in chapters if chapter.kind == "finding"]
    bodies = {f"F-{row.id}": row.body for row in finding_queries.findings(s)}
    made: list[Block] = [Remark(words("method.intro" if wanted else "method.none"))]
    for chapter in wanted:
        rows = _rows(bodies[chapter.label], words)
        nothing = words("method.not_recorded")
        made.append(
            Facts(
                tuple(Fact(words(f"method.label.{k}"), v or nothing) for k, v in rows.items()),
                f"{chapter.label}  {chapter.title}",
            )
        )
    said = [_said(spec, name, words, draft) for name in METHOD if spec.method.get(name, "").strip()]
    return (*made, Facts(tuple(said), words("method.statement"))) if said else tuple(made)


def _said(spec: DossierSpec, name: str, words: Wording, draft: bool) -> Fact:
    """The user's own words.

    Raises:
        CaseKitError: It is to be issued, and a place in the words was left open.
    """
    text, label = spec.method[name].strip(), words(f"method.stated.{name}")
    if is_open(text) and not draft:
        raise CaseKitError(
            "The dossier cannot be issued, because a place is left open under “{label}” of the method: fill it "
            "in, or take the text out.",
            label=label,
        )
    gap = words("method.gap", what=words(f"method.ask.{name}"))
    return Fact(label, or_gap(text, gap), "serif")


def _rows(body: Mapping[str, Any], words: Wording) -> dict[str, str]:
    question = body.get("question", {})
    parameters = dict(flattened(body.get("parameters", {})))
    versions = dict(flattened(body.get("versions", {})))
    embedding = body.get("model", "")
    result = body.get("result", {})
    error = result.get("false_positive_upper", result.get("false_positive_upper_bound"))
    return {
        "h1": str(question.get("h1", "")),
        "h0": str(question.get("h0", "")),
        "data": "\n".join(_data(one, words) for one in body.get("inputs", ())),
        "parameters": _listed(parameters),
        **({"model": plain(embedding)} if embedding else {}),
        "versions": _listed(versions),
        "seed": str(body.get("seed", "")),
        "controls": "\n".join(_control(one, words) for one in body.get("controls", ())),
        "error": f"{words('column.upper')}: {100 * error:.1f} %" if _is_number(error) else "",
        "alternatives": _sentences(body.get("innocent", ())),
        "dropped": _sentences(body["dropped"]) or words("none") if "dropped" in body else "",
        "limitations": _sentences(body.get("limitations", ())),
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _data(one: Mapping[str, Any], words: Wording) -> str:
    values = {key: plain(one.get(key, "–")) for key in ("role", "model", "answers")}
    return words("method.data_row", **values, root=str(one.get("root", "–"))[:16] + "…")


def _control(one: Mapping[str, Any], words: Wording) -> str:
    if "hits" in one:
        values = {key: plain(one.get(key, "–")) for key in ("model", "hits", "prompts")}
        return words("method.control", **values)
    figures = (
        f"{words.get(f'column.{key}', key)} {plain(value)}"
        for key, value in one.items()
        if key != "model"
    )
    return ", ".join([plain(one.get("model", "–")), *figures])


def _listed(values: Mapping[str, str]) -> str:
    return " · ".join(f"{key} {value}" for key, value in values.items())


def _sentences(found: Sequence[Any]) -> str:
    return "\n".join(f"{n}. {plain(each)}" for n, each in enumerate(found, 1))
