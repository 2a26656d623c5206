"""How far a lineage ratio moves with parts left out, on paper: a strip of all ratios, the lowest and highest.

Tasks of prompts have no names here: a name comes from an answer, and that may be withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.dossier import scales
from casekit.dossier.charts import Dots, Guide, Strip
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.finding_figures import Moved, moved, signed

NAMELESS = ("task", "half")


def blocks(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """The table and its strip; nothing for a finding that has none."""
    found = moved(body)
    if not found:
        return []
    columns = tuple(
        Column(words(f"sensitivity.{key}"), share)
        for key, share in (("left_out", 32), ("lowest", 30), ("highest", 30), ("none", 8))
    )
    rows = tuple(
        (_name(one, words), _end(one, 0, words), _end(one, -1, words), f"{one.none:,}")
        for one in found
    )
    table = Grid(columns, rows, words("sensitivity.table"))
    return [_strip(found, body, words), table, Remark(words("sensitivity.note"), small=True)]


def _name(one: Moved, words: Wording) -> str:
    return words("sensitivity.part", what=words(f"sensitivity.{one.without}"), n=one.rows)


def _end(one: Moved, place: int, words: Wording) -> str:
    if not one.values:
        return "–"
    name, value = one.values[place]
    if one.without in NAMELESS:
        return signed(value)
    return words(
        "sensitivity.value",
        value=signed(value),
        name=words.get(f"sensitivity.habit_{name}", name),
    )


def _strip(found: list[Moved], body: Mapping[str, Any], words: Wording) -> Strip:
    own, cap = float(body["result"]["log10_lr"]), float(body["result"]["cap"])
    rows = [
        Dots(_name(one, words), tuple(value for _, value in one.values))
        for one in found
        if one.values
    ]
    told = "; ".join(
        f"{row.name} {signed(row.values[0])} – {signed(row.values[-1])}" for row in rows
    )
    rows.append(Dots(str(body["parameters"]["subject"]), (own,), "diamond"))
    guides = (Guide(0.0, words("chart.lr_1")), Guide(cap, words("chart.cap")))
    values = [v for row in rows for v in row.values] + [guide.at for guide in guides]
    return Strip(
        scales.numbers(values, words("column.log10_lr")), tuple(rows),
        words("sensitivity.alt", told=told), words("sensitivity.heading"), words("sensitivity.caption"),
        guides,
    )  # fmt: skip
