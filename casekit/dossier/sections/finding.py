"""Findings on paper: the question, the result beside its controls, pairs of texts, limits, innocent causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit.dossier.sections import finding_charts, sensitivity, sets, usage
from casekit.dossier.sections.common import Context, grouped, plain, source_text, where
from casekit.dossier.sections.exchange import first_line
from casekit.dossier.sheet import (
    Block,
    Chapter,
    Column,
    Fact,
    Facts,
    Grid,
    Mark,
    Pair,
    Prose,
    Remark,
    Side,
)
from casekit.dossier.usage_gate import Open
from casekit.dossier.wording import Wording
from casekit.queries.finding_figures import percent, written
from casekit.queries.findings import FindingRow

FIRST = (
    "lab",
    "score",
    "difference",
    "rare",
    "log10_lr",
    "lr",
    "auc",
    "auc_interval",
    "cllr",
    "cllr_interval",
)
RESULT = ("hits", "prompts", "share", "controls", "controls_at_least_as_high", "p", "p_floor",
          "false_positive_upper")  # fmt: skip
ORDER = (
    *FIRST, "hits", "prompts", "answers", "share", "interval", "cap", "served_found", "decoys_found",
    "controls", "controls_at_least_as_high", "families", "families_at_least_as_high", "p", "p_floor",
    "false_positive_upper", "false_positive_upper_bound", "decoys_upper",
)  # fmt: skip
LOG = (
    "exchanges",
    "without_account",
    "times_set_aside",
    "copies_set_aside",
    "accounts_in_log",
    "groups",
    "named_accounts",
    "analytics_refused",
)
CONTROL = (
    "set", "measure", "fact", "model", "family", "role", "lab", "lr_above", "prompts", "answers", "hits",
    "share", "interval", "students", "strangers", "stranger_families", "upper", "exposed", "unexposed",
    "standardised", "subject", "controls_median", "controls_highest", "repeated", "found", "served_found",
    "decoys_found", "p_found",
)  # fmt: skip


def blocks(
    row: FindingRow, context: Context, left_out: int, opened: Open | None = None
) -> tuple[Block, ...]:
    """The finding itself; its pairs are similarity exhibits of their own.

    Args:
        row: The finding.
        context: What sections need.
        left_out: How many of its pairs are withheld.
        opened: Of one on usage, what of it may leave.
    """
    words, body = context.words, opened.body if opened else row.body
    question = body.get("question", {})
    found: list[Block] = [
        Facts(
            tuple(
                Fact(words(f"finding.{key}"), str(question[key]), "serif")
                for key in ("h1", "h0")
                if question.get(key)
            )
        ),
    ]
    found += _sentence(body, words)
    found += _result(row.kind, body, words)
    found += [] if opened else finding_charts.charts(row, words)
    if row.kind == "sets":
        found += sets.blocks(body, words)
    else:
        found += usage.blocks(opened, context) if opened else _controls(row.kind, body, words)
    for key in ("students", "variants"):
        if body.get(key):
            found.append(_grid(body[key], words(f"finding.{key}"), words))
    found += sensitivity.blocks(body, words)
    found += _claims(body, context)
    found += [*_inputs(body, words), *_program(body, words)]
    for key in ("limitations", "innocent", "dropped"):
        found += _list(body.get(key, ()), words(f"finding.{key}"))
    if opened and opened.quotes_kept_back:
        kept_back = words.count("usage.quotes_kept_back", opened.quotes_kept_back)
        found.append(Remark(kept_back, small=True))
    if left_out:
        found.append(Remark(words.count("finding.withheld", left_out), small=True))
    found.append(Remark(words("finding.calculation"), small=True))
    return (*found, Facts(_how(row, body, words), words("finding.how")))


def pair_blocks(
    pair: Mapping[str, Any], context: Context, models: Mapping[int, str], finding: str
) -> tuple[Block, ...]:
    """One pair of texts: prompt, both sides with numbered runs, the table of runs, and why it is shown."""
    words = context.words
    runs = pair.get("runs", ())
    found: list[Block] = []
    if pair.get("prompt"):
        found.append(Prose(words("part.prompt"), str(pair["prompt"]), numbered=False))
    left = _side(pair["left"], "left", runs, context, models)
    right = _side(pair["right"], "right", runs, context, models)
    found.append(Pair(left, right))
    if runs:
        found.append(_runs(runs, words))
    else:
        found.append(Remark(words("pair.no_runs")))
    found.append(
        Remark(words("pair.shown", why=pair.get("why") or words("pair.chosen"), finding=finding))
    )
    found.append(Remark(words("pair.aid"), small=True))
    return tuple(found)


def chapter_title(pair: Mapping[str, Any], context: Context, models: Mapping[int, str]) -> str:
    """What a similarity exhibit is called: its two exhibits, or its two models, and what they were asked."""
    names = []
    for side in (pair["left"], pair["right"]):
        item_id = int(side.get("item_id", 0))
        label = context.labels.get(item_id)
        named = context.words("pair.exhibit", label=label[0]) if label else ""
        names.append(
            named or models.get(item_id) or str(side.get("label", "")) or f"item {item_id}"
        )
    prompt = first_line(str(pair.get("prompt") or ""))
    key = "pair.title" if prompt else "pair.untitled"
    return context.words(key, left=names[0], right=names[1], prompt=prompt)


def chapter(
    label: str, kind: str, over: str, title: str, summary: str, context: Context, at: str,
    chapter_blocks: tuple[Block, ...],
) -> Chapter:  # fmt: skip
    """A finding's or pair's chapter."""
    return Chapter(
        label=label, dest=f"EX-{label}", kind=kind, over=over, title=title,
        stamp=context.words(f"stamp.{kind}"), summary=summary, date=at, custodian="", bates="",
        designation="", blocks=chapter_blocks,
    )  # fmt: skip


def _side(
    side: Mapping[str, Any], name: str, runs: Sequence[Mapping[str, Any]], context: Context,
    models: Mapping[int, str],
) -> Side:  # fmt: skip
    item_id = int(side.get("item_id", 0))
    label, dest = context.labels.get(item_id, ("", ""))
    words = context.words
    title = [models.get(item_id) or str(side.get("label", ""))]
    if label:
        title.append(words("pair.exhibit", label=label))
    if context.numbers.get(item_id):
        title.append(context.numbers[item_id])
    detail = words("pair.whole", label=label) if label else words("pair.item", id=item_id)
    marks = tuple(Mark(int(r["no"]), int(r[name][0]), int(r[name][1])) for r in runs)
    return Side(
        " · ".join(t for t in title if t), detail, str(side.get("text", "")), marks, item_id, dest
    )


def _runs(runs: Sequence[Mapping[str, Any]], words: Wording) -> Grid:
    columns = (
        Column(words("column.run"), 8), Column(words("column.words"), 10),
        Column(words("column.in_prompt"), 18), Column(words("column.controls_with"), 34),
        Column(words("column.upper"), 30),
    )  # fmt: skip
    rows = tuple(
        (
            f"[{run['no']}]", str(run["words"]),
            words("yes") if run.get("in_prompt") else words("none"),
            words("pair.of", n=run.get("controls_with", 0), of=run.get("controls", 0)),
            percent(run.get("upper")),
        )
        for run in runs
    )  # fmt: skip
    return Grid(columns, rows, words("heading.runs"))


def _result(kind: str, body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The figures as facts, and those that are tables of their own; a p is not of the same kind in all."""
    result = body.get("result", {})
    told = {key: value for key, value in result.items() if value is not None and value != []}
    tables = {key: rows for key, rows in told.items() if _is_table(rows) and key != "measures"}
    facts = tuple(
        Fact(
            words.get(f"result.{kind}.{key}", words.get(f"result.{key}", key.replace("_", " "))),
            _shown(key, told),
        )
        for key in _ordered(told, (*ORDER, *LOG))
        if key not in tables and key != "measures"
    )
    found: list[Block] = [Facts(facts, words("finding.result"))] if facts else []
    return found + [
        _grid(rows, words.get(f"finding.{key}", key.replace("_", " ").upper()), words, kind)
        for key, rows in tables.items()
    ]


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)
    )


def _controls(kind: str, body: Mapping[str, Any], words: Wording) -> list[Block]:
    controls = body.get("controls", ())
    if not controls:
        return [Remark(words("finding.no_controls"))]
    return [_grid(controls, words("finding.controls"), words, kind)]


def _grid(rows: Sequence[Mapping[str, Any]], heading: str, words: Wording, kind: str = "") -> Grid:
    """A table of rows that share their keys; the model's name has the widest column."""
    keys = _ordered(rows[0], CONTROL)
    columns = tuple(Column(_column(k, kind, words), 40 if k == "model" else 20) for k in keys)
    return Grid(
        columns,
        tuple(tuple(_shown(k, row) or "–" for k in keys) for row in rows),
        heading,
    )


def _column(key: str, kind: str, words: Wording) -> str:
    """A column's title, in the words of that kind of finding if it has its own."""
    plain_ = words.get(f"column.{key}", key.replace("_", " "))
    return words.get(f"column_of.{kind}.{key}", plain_)


def _inputs(body: Mapping[str, Any], words: Wording) -> list[Block]:
    inputs = body.get("inputs", ())
    if not inputs:
        return []
    columns = (
        Column(words("column.model"), 26), Column(words("column.role"), 12),
        Column(words("column.answers"), 12), Column(words("column.root"), 50, "mono"),
    )  # fmt: skip
    rows = tuple(
        (
            str(i.get("model", "")), str(i.get("role", "")), _shown("answers", i),
            grouped(str(i.get("root", "")), 2),
        )
        for i in inputs
    )  # fmt: skip
    return [Grid(columns, rows, words("finding.inputs"))]


def _program(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The text of an expert's own method."""
    program = str(body.get("program") or "")
    return [source_text(words("finding.own_program"), program, 0, "")] if program else []


def _claims(body: Mapping[str, Any], context: Context) -> list[Block]:
    """Passages that were found, word for word, each with where it can be read."""
    words, claims = context.words, body.get("claims_shown", ())
    made: list[Block] = []
    columns = (
        Column(words("column.model"), 20), Column(words("column.where"), 18),
        Column(words("column.claim"), 22), Column(words("column.around"), 40, "serif"),
    )  # fmt: skip
    rows = tuple(
        (
            str(one.get("model") or "–"), where(int(one.get("item_id", 0)), context),
            str(one.get("claim", "")), str(one.get("around", "")),
        )
        for one in claims
    )  # fmt: skip
    if rows:
        made.append(Grid(columns, rows, words("finding.claims")))
    if body.get("claims_more"):
        made.append(Remark(words("finding.more_claims", n=body["claims_more"]), small=True))
    if body.get("claims_withheld"):
        made.append(
            Remark(words.count("finding.claims_withheld", body["claims_withheld"]), small=True)
        )
    return made


def _how(row: FindingRow, body: Mapping[str, Any], words: Wording) -> tuple[Fact, ...]:
    parameters = " · ".join(
        f"{k} {', '.join(map(str, v)) if isinstance(v, list) else plain(v)}"
        for k, v in body.get("parameters", {}).items()
        if v is not None
    )
    versions = " · ".join(f"{k} {v}" for k, v in body.get("versions", {}).items())
    return tuple(
        Fact(words(f"finding.{key}"), value)
        for key, value in (
            ("parameters", parameters), ("seed", str(body.get("seed", ""))), ("versions", versions),
            ("rerun", _rerun(row, words)),
        )
        if value
    )  # fmt: skip


def _rerun(row: FindingRow, words: Wording) -> str:
    """The command that computes it again; scores that another program computed are not."""
    if row.kind != "own":
        return words("finding.rerun_line", id=row.id)
    return words(
        "finding.rerun_file" if row.body.get("program") else "finding.not_again", id=row.id
    )


def _list(sentences: Sequence[Any], heading: str) -> list[Block]:
    rows = tuple(Fact(str(n), plain(text), "serif") for n, text in enumerate(sentences, 1))
    return [Facts(rows, heading, narrow=True)] if rows else []


def _sentence(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The result in words: the finding's own, or that of an overlap with all that its sentence needs."""
    if body.get("sentence"):
        return [Remark(str(body["sentence"]))]
    result = body.get("result", {})
    least = body.get("parameters", {}).get("min_words")
    if least is None or not set(RESULT) <= set(result):
        return []
    text = words(
        "finding.sentence", hits=f"{result['hits']:,}", prompts=f"{result['prompts']:,}", min_words=least,
        controls=result["controls"], above=result["controls_at_least_as_high"], p=f"{result['p']:.2f}",
        p_floor=f"{result['p_floor']:.2f}", upper=percent(result["false_positive_upper"]),
    )  # fmt: skip
    return [Remark(text)]


def _ordered(values: Mapping[str, Any], first: Sequence[str]) -> list[str]:
    """The keys that there are: those we know in their order, then the others."""
    return [k for k in first if k in values] + [k for k in values if k not in first and k != "v"]


def _shown(key: str, row: Mapping[str, Any]) -> str:
    number = written(key, row)
    return plain(row.get(key, "")) if number is None else number
