"""A finding on usage on paper: who is named, each group, every analytic with its question and control."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from casekit.dossier.charts import Template
from casekit.dossier.sections import usage_charts
from casekit.dossier.sections.common import Context, where
from casekit.dossier.sections.usage_more import besides, number, p_text
from casekit.dossier.sheet import Block, Column, Face, Fact, Facts, Grid, Remark, Subhead
from casekit.dossier.usage_gate import Open
from casekit.dossier.wording import Wording
from casekit.queries import usage_figures as figures

LEVEL, GROUP_LEVEL = 0.05, 0.01  # of accounts by themselves, and of groups
TOKENS = (
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
)


def blocks(found: Open, context: Context) -> list[Block]:
    """All between the result and the inputs of the finding."""
    body, words = found.body, context.words
    made: list[Block] = _named(found, words)
    for group in figures.drawn(body):
        made += _group(group, body, context)
    made += _others(body, words)
    for one in body.get("analytics", ()):
        made += _analytic(one, body, context)
    made += _phrases(body, words)
    return [*made, *_queries(found, context)]


def _named(found: Open, words: Wording) -> list[Block]:
    """The accounts that are named, with the exact counts behind each."""
    rows = found.body.get("accounts_named", ())
    made: list[Block] = []
    if not rows and not found.kept_back:
        made.append(Remark(words("usage.nobody"), words("usage.named")))
    else:
        made.append(Remark(words("usage.named_intro"), words("usage.named")))
    if found.kept_back:
        made.append(Remark(words.count("usage.kept_back", found.kept_back), small=True))
    if rows:
        columns = _columns(
            words, ("account", 30), ("group", 9), ("requests", 12), ("scripted", 13), ("shows", 36)
        )
        made.append(
            Grid(
                columns,
                tuple(
                    (
                        str(row["account"]), str(row["group"]), f"{row['requests']:,}",
                        f"{row['scripted']:,}", _stands_out(row, words),
                    )
                    for row in rows
                ),
            )
        )  # fmt: skip
        made.append(Remark(words("usage.named_note"), small=True))
        made += usage_charts.shown_by(found.body, words)
    return made


def _stands_out(row: Mapping[str, Any], words: Wording) -> str:
    """What an account shows by itself: exact count, of how many, corrected p."""
    told = [
        words("usage.figure", name=name, hits=number(hits), of=number(of), p=p_text(q))
        for name, (hits, of, _, _, q) in sorted(
            row.get("figures", {}).items(), key=lambda each: usage_charts.analytic_order(each[0])
        )
        if q is not None and q <= LEVEL
    ]
    return "\n".join(told) or words("usage.with_group")


def _group(group: Mapping[str, Any], body: Mapping[str, Any], context: Context) -> list[Block]:
    words = context.words
    no = group["group"]
    title = words(
        "usage.group_head", no=no, members=group["members"], requests=f"{group['requests']:,}"
    )
    verdict = (
        words("usage.group_named", n=group["named"])
        if group.get("named")
        else words("usage.group_not_named", why=group.get("not_named_because") or "–")
    )
    rows = (
        Fact(words("usage.linked_by"), ", ".join(_kind(k, words) for k in group.get("linked_by", ()))),
        Fact(words("usage.cells"), words("usage.cells_text", n=group.get("cells", 0),
                                         p=_exponent(group.get("largest_cell_p")))),
        Fact(words("usage.follow"), words("usage.of_members", n=group.get("follow_scripts", 0),
                                          of=group["members"], customers=_customers(group, words))),
        Fact(words("usage.unlike"), _analytics(group.get("unlike_controls", ()), body) or words("none")),
        Fact(words("usage.verdict"), verdict),
    )  # fmt: skip
    made: list[Block] = [Subhead(title), Facts(rows)]
    made += usage_charts.links(group, body, words)
    made += usage_charts.raster(group, body, words)
    made += _cards(group, context)
    return made


def _customers(group: Mapping[str, Any], words: Wording) -> str:
    n = group.get("customers_of_scripted", 0)
    return words("usage.customers", n=n) if n else words("usage.customers_unknown")


def _cards(group: Mapping[str, Any], context: Context) -> list[Block]:
    words = context.words
    made: list[Block] = []
    cards = list(group.get("scripts", ()))
    for n, card in enumerate(cards, 1):
        note = words(
            "usage.card_note", requests=f"{card['requests']:,}", accounts=card["accounts_asking"],
            wordings=card["wordings"],
            items=", ".join(dict.fromkeys(where(i, context) for i in card.get("items", ()))) or "–",
        )  # fmt: skip
        slots = tuple(
            (f"{{{b['blank']}}}", words("pair.of", n=b["different"], of=b["of"]),
             " · ".join(str(e) for e in b.get("examples", ()) if str(e)) or "–")
            for b in card.get("blanks", ())
        )  # fmt: skip
        columns = (words("usage.blank"), words("usage.fillings"), words("usage.such_as"))
        heading = words("usage.card", n=n, no=group["group"])
        made.append(Template(str(card["sentence"]), slots, note, heading, columns))
    if group.get("more_scripts"):
        made.append(Remark(words("usage.more_cards", n=group["more_scripts"]), small=True))
    return made


def _others(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The groups that are not shown at length, a row each, with why nobody in them is named."""
    shown = {group["group"] for group in figures.drawn(body)}
    rows = tuple(
        (
            str(g["group"]), f"{g['members']:,}", f"{g['requests']:,}",
            ", ".join(_kind(k, words) for k in g.get("linked_by", ())),
            ", ".join(g.get("unlike_controls", ())) or words("none"), g.get("not_named_because") or "–",
        )
        for g in body.get("groups", ()) if g["group"] not in shown
    )  # fmt: skip
    if not rows:
        return []
    columns = _columns(words, ("group", 8), ("accounts", 11), ("requests", 11), ("linked_by", 18),
                       ("unlike", 18), ("why_not", 34))  # fmt: skip
    return [Grid(columns, rows, words("usage.other_groups"))]


def _analytic(one: Mapping[str, Any], body: Mapping[str, Any], context: Context) -> list[Block]:
    """One analytic: question, what was found, what it is consistent with, what else explains it, figures."""
    words = context.words
    id_ = str(one.get("id", ""))
    made: list[Block] = [
        Subhead(f"{id_}  {words.get(f'usage.name.{id_}', str(one.get('name', '')))}")
    ]
    if one.get("refused"):
        said = words("usage.refused", why=str(one["refused"]))
        return [*made, Facts((Fact(words("usage.question"), _asks(one, words), "serif"),
                              Fact(words("usage.found"), said)))]  # fmt: skip
    who = [str(name) for name in one.get("accounts", ())]
    rows = [
        Fact(words("usage.question"), _asks(one, words), "serif"),
        Fact(
            words("usage.found"),
            str(one.get("sentence") or "").strip() or words("usage.nothing"),
            "serif",
        ),
        Fact(words("usage.consistent"), str(one.get("consistent_with", "")), "serif"),
        Fact(words("usage.innocent"), "\n".join(map(str, one.get("innocent", ()))), "serif"),
    ]
    if who or "others_showing" in one:
        others = words.count("usage.others", int(one.get("others_showing", 0)))
        told = (
            words("usage.shown", n=len(who), named=len(body.get("named", ())))
            if who
            else words("none")
        )
        rows.append(Fact(words("usage.accounts"), f"{told}; {others}"))
    made.append(Facts(tuple(row for row in rows if row.value)))
    made += _figures(one, body, words)
    shown = {group["group"] for group in figures.drawn(body)}
    made += besides(one, shown, context.spec.pairs, context)
    if id_ == "A10":
        made += usage_charts.adoption(body, words)
    if id_ == "A13":
        made += usage_charts.places(body, words)
        made += _networks(one, body, words)
    if id_ == "A16":
        made += _volume(one, body, words)
    return made


def _networks(one: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """By whose word networks are of a kind, or that nobody says."""
    if one.get("networks_refused"):
        return [Remark(words("usage.no_networks"), small=True)]
    kept = body.get("networks")
    if not kept:
        return []
    sources = "; ".join(figures.network_sources(body)) or "–"
    told = words("usage.networks", name=kept["file"], sha256=kept["sha256"], sources=sources)
    return [Remark(told, small=True)]


def _queries(found: Open, context: Context) -> list[Block]:
    """Every query that a figure came from, where the method is stated; else how many, their hash and where."""
    body, words = found.body, context.words
    rows: list[tuple[str, str]] = []
    for one in body.get("analytics", ()):
        if one.get("query"):
            rows.append((str(one["id"]), str(one["query"])))
        rows += [
            (f"{one['id']} {measure['key']}", str(measure["query"]))
            for measure in one.get("measures", ())
            if measure.get("query")
        ]
        if one.get("value"):
            rows.append((words("usage.value_query", id=one["id"]), str(one["value"]["query"])))
    plots = body.get("plots") or {}
    if plots.get("query"):
        rows.append((words("usage.plots_query"), str(plots["query"])))
    rows += [
        (words("usage.adoption", model=r["model"]), str(r["query"]))
        for r in plots.get("releases", ())
    ]
    queries = [" ".join(query.split()) for _, query in rows]
    if not queries:
        return []
    if "method" not in context.spec.sections:
        sha256 = hashlib.sha256("\n".join(queries).encode()).hexdigest()
        told = words("usage.queries_apart", n=len(queries), sha256=sha256)
        return [Remark(told, words("usage.queries"), small=True)]
    facts = (Fact(name, query, "mono") for (name, _), query in zip(rows, queries, strict=True))
    return [Facts(tuple(facts), words("usage.queries"))]


def _asks(one: Mapping[str, Any], words: Wording) -> str:
    return words.get(f"usage.asks.{one.get('id')}") or str(one.get("consistent_with", ""))


def _figures(one: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The table of a comparison: a group beside its matched controls; of the others how many stand out."""
    made: list[Block] = []
    shown = {group["group"] for group in figures.drawn(body)}
    columns = _columns(words, ("measure", 30), ("group", 8), ("accounts", 10), ("mean", 10), ("controls", 10),
                       ("control_mean", 12), ("p", 9), ("q", 11))  # fmt: skip
    rows, notes = [], []
    for measure in one.get("measures", ()):
        what = _capital(str(measure.get("what", "")))
        for g in measure.get("groups", ()):
            if g["group"] in shown:
                rows.append(
                    (
                        what, str(g["group"]), f"{g['members']:,}", number(g["mean"]), f"{g['controls']:,}",
                        number(g["control_mean"]), p_text(g["p"]), p_text(g["q"]),
                    )
                )  # fmt: skip
        others = [g["q"] for g in measure.get("groups", ()) if g["group"] not in shown]
        notes.append(
            words(
                "usage.measure_note", what=what, n=f"{measure.get('accounts_measured', 0):,}",
                median=number(measure.get("ungrouped_median")), p=measure.get("p_below_level", 0),
                q=measure.get("q_below_level", 0), level=measure.get("level", LEVEL),
                others=len(others), reach=sum(q is not None and q <= GROUP_LEVEL for q in others),
            )
        )  # fmt: skip
    if rows:
        made.append(Grid(columns, tuple(rows)))
    made += [Remark(note, small=True) for note in notes]
    if one.get("id") == "A12" and one.get("groups"):
        made.append(_meetings(one["groups"], words))
    return made


def _meetings(groups: Sequence[Mapping[str, Any]], words: Wording) -> Grid:
    columns = _columns(words, ("group", 9), ("meetings", 15), ("expected", 17), ("p", 12), ("q", 15),
                       ("wordings", 15), ("by_several", 17))  # fmt: skip
    rows = tuple(
        (
            str(g["group"]), f"{g['meetings']:,}", number(g["expected"]), p_text(g["p"]), p_text(g["q"]),
            f"{g.get('wordings', 0):,}", f"{g.get('asked_by_several', 0):,}",
        )
        for g in groups
    )  # fmt: skip
    return Grid(columns, rows, words("usage.meetings_head"))


def _volume(one: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Quantities: by group, by model, by period; and the value at list price with the table it rests on."""
    made: list[Block] = usage_charts.volume(body, words)
    for key, name in (("by_group", "group"), ("by_model", "model")):
        rows = one.get(key, ())
        if rows:
            made.append(_sums(rows, name, words(f"usage.{key}"), words))
    made.append(_sums(_named_only(one, body), "account", words("usage.largest"), words))
    made = [block for block in made if not (isinstance(block, Grid) and not block.rows)]
    if one.get("value_refused"):
        made.append(Remark(words("usage.no_value", why=str(one["value_refused"]))))
    if one.get("value"):
        made += _value(one["value"], body.get("prices", {}), words)
    return made


def _named_only(one: Mapping[str, Any], body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The largest accounts, of those that are named: others of the log are told by their number alone."""
    named = set(body.get("named", ()))
    return [row for row in one.get("largest", ()) if row.get("account") in named]


def _sums(rows: Sequence[Mapping[str, Any]], name: str, heading: str, words: Wording) -> Grid:
    if not rows:
        return Grid((), ())
    there = [key for key in ("accounts_of_group", "requests", *TOKENS) if key in rows[0]]
    columns = _columns(words, (name, 26), *((key, 15) for key in there))
    return Grid(
        columns,
        tuple(
            (str(row.get(name) or "–"), *(number(row.get(key)) for key in there)) for row in rows
        ),
        heading,
    )


def _value(value: Mapping[str, Any], prices: Mapping[str, Any], words: Wording) -> list[Block]:
    def money(row: Mapping[str, Any]) -> str:
        return (
            "\n".join(f"{amount} {currency}" for currency, amount in row.get("value", {}).items())
            or "0"
        )

    cited = words(
        "usage.prices", name=prices.get("file", "–"), sha256=str(prices.get("sha256", "–"))
    )
    made: list[Block] = [Remark(cited, words("usage.value"), small=True)]
    for key, name in (("by_group", "group"), ("by_month", "month")):
        rows = tuple(
            (str(r[name]), f"{r['requests_priced']:,}", money(r)) for r in value.get(key, ())
        )
        if rows:
            columns = _columns(words, (name, 34), ("requests_priced", 26), ("value", 40))
            made.append(Grid(columns, rows, words(f"usage.value_{key}")))
    priced = tuple(
        (
            str(r["model"]), f"{r['from']} – {r.get('to') or words('usage.still')}",
            " · ".join(filter(None, (str(r.get("source") or ""), str(r.get("source_date") or ""))))
            or words("usage.source_kept_back"), f"{r['requests_priced']:,}", money(r),
        )
        for r in value.get("by_price", ())
    )  # fmt: skip
    if priced:
        columns = _columns(
            words,
            ("model", 20),
            ("period", 22),
            ("source", 28),
            ("requests_priced", 12),
            ("value", 18),
        )
        made.append(Grid(columns, priced, words("usage.value_by_price")))
    apart = [f"{r['requests']:,} {r['words']}" for r in value.get("apart", ())]
    apart += [f"{r['model']}: {r['requests']:,}" for r in value.get("models_without_price", ())]
    if apart:
        made.append(Facts((Fact(words("usage.apart"), "\n".join(apart)),)))
    return made


def _phrases(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The printed lists by which phrases were matched."""
    phrases = body.get("phrases", {})
    rows = tuple(
        Fact(words.get(f"usage.phrases_{key}", key), " · ".join(map(str, value)), "mono")
        for key, value in phrases.items() if isinstance(value, list) and value
    )  # fmt: skip
    return (
        [Facts(rows, words("usage.phrases", version=phrases.get("version", "–")))] if rows else []
    )


def _analytics(ids: Sequence[str], body: Mapping[str, Any]) -> str:
    names = {str(one["id"]): str(one.get("name", "")) for one in body.get("analytics", ())}
    return ", ".join(f"{id_} {names.get(id_, '')}".strip() for id_ in ids)


def _kind(kind: str, words: Wording) -> str:
    return words.get(f"usage.kind.{kind}", kind)


def _columns(words: Wording, *given: tuple[str, int]) -> tuple[Column, ...]:
    mono: dict[str, Face] = {"account": "mono"}
    return tuple(Column(words.get(f"usage.column.{key}", key.replace("_", " ")), share, mono.get(key, "sans"))
                 for key, share in given)  # fmt: skip


def _capital(what: str) -> str:
    return what[:1].upper() + what[1:]


def _exponent(value: Any) -> str:
    return f"{value:.1e}" if isinstance(value, int | float) else "–"
