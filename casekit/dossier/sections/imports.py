"""What the imports of a case read: the books of every byte, by import and by format, without a file's name."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries import runs
from casekit.queries.runs import RunRow


def blocks(s: Connection, words: Wording) -> tuple[Block, ...]:
    """A table of all imports, then for each what it read by format and what it met by cause.

    No name of a file or folder is printed: one that is withheld could be among them.
    """
    found = sorted(runs.runs(s), key=lambda run: run.id)
    columns = (
        Column(words("column.seq"), 6), Column(words("column.at"), 18), Column(words("imports.files"), 9),
        Column(words("column.items"), 10), Column(words("imports.bytes"), 15),
        Column(words("imports.understood"), 15), Column(words("imports.kept"), 14),
        Column(words("imports.before"), 13),
    )  # fmt: skip
    made: list[Block] = [
        Remark(words("imports.intro")),
        Grid(columns, tuple(_row(run, words) for run in found), words("imports.all")),
    ]
    for run in found:
        made += _detail(run, words)
    made.append(Remark(words("imports.note"), small=True))
    return tuple(made)


def _row(run: RunRow, words: Wording) -> tuple[str, ...]:
    at = clock.iso(run.started_us)[:19].replace("T", " ")
    if not run.report:
        return (str(run.id), at, *[words("imports.none")] * 6)
    report = run.report
    weighed, understood = _weighed(report), _understood(report)
    before = max(0, report["bytes_accounted"] - weighed)
    numbers = (report["files"], report["items"], report["bytes_total"], understood)
    return (
        str(run.id), at, *(f"{n:,}" for n in numbers), f"{weighed - understood:,}", f"{before:,}",
    )  # fmt: skip


def _detail(run: RunRow, words: Wording) -> list[Block]:
    if not run.report or not run.report["files"]:
        return []
    formats = Grid(
        (
            Column(words("imports.format"), 24), Column(words("imports.files"), 11),
            Column(words("column.items"), 12), Column(words("imports.bytes"), 18),
            Column(words("imports.share"), 13), Column(words("imports.empty"), 22),
        ),
        tuple(
            [_of_format(name, count) for name, count in run.report["formats"].items()]
            + [
                _of_format(words("imports.inside", name=name), count)
                for name, count in run.report["inside"].items()
            ]
        ),
        words("imports.one", n=run.id, confinement=run.confinement or "–"),
    )  # fmt: skip
    causes = Counter((problem["stage"], problem["kind"]) for problem in run.report["problems"])
    if not causes:
        return [formats]
    columns = (
        Column(words("imports.stage"), 24), Column(words("imports.cause"), 46),
        Column(words("imports.problems"), 30),
    )  # fmt: skip
    rows = tuple(
        (stage, kind, f"{n:,}") for (stage, kind), n in sorted(causes.items(), key=_most_first)
    )
    return [formats, Grid(columns, rows, words("imports.met", n=run.id))]


def _of_format(name: str, count: dict[str, Any]) -> tuple[str, ...]:
    return (
        name, f"{count['files']:,}", f"{count['items']:,}" if "items" in count else "–",
        f"{count['bytes']:,}",
        f"{100 * count['understood'] / count['bytes']:.4g} %" if count["bytes"] else "–",
        "\n".join(f"{word}: {n:,}" for word, n in count.get("missing", {}).items()) or "–",
    )  # fmt: skip


def _most_first(each: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -each[1], each[0]


def _weighed(report: dict[str, Any]) -> int:
    return sum(int(count["bytes"]) for count in report["formats"].values())


def _understood(report: dict[str, Any]) -> int:
    return sum(int(count["understood"]) for count in report["formats"].values())
