"""The lists at the end: the custody log as far as it may be printed, and the hashes of what is produced."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from casekit.dossier.sections.common import bates_text, grouped
from casekit.dossier.sheet import Block, Column, Fact, Facts, Grid, Produced, Remark
from casekit.dossier.wording import Wording
from casekit.queries import custody as custody_queries


def custody(s: Connection, words: Wording, root: str) -> tuple[Block, ...]:
    """Entries of the class custody only: the others are work product."""
    columns = (
        Column(words("column.seq"), 6), Column(words("column.at"), 22), Column(words("column.event"), 32),
        Column(words("column.by"), 13), Column(words("column.items"), 7),
        Column(words("column.entry_hash"), 20, "mono"),
    )  # fmt: skip
    entries = custody_queries.entries(s, act_class="custody")
    rows = tuple(
        (
            str(e.seq), e.at[:19].replace("T", " "), e.label, e.actor,
            f"{e.items:,}" if e.items else "–", f"{e.hash[:8]} {e.hash[8:16]}",
        )
        for e in entries
    )  # fmt: skip
    state = Facts((Fact(words("custody.root"), grouped(root), "mono"),))
    return (
        Remark(words("custody.intro")),
        state,
        Grid(columns, rows),
        Remark(words("custody.note"), small=True),
    )


def hashes(produced: Sequence[Produced], words: Wording) -> tuple[Block, ...]:
    """The hashes of records and of the files they came in, but for what would tell what is redacted."""
    columns = (
        Column(words("column.exhibit"), 10), Column(words("column.what"), 36),
        Column(words("column.bates"), 18, "mono"), Column(words("column.sha256_record"), 36, "mono"),
    )  # fmt: skip
    rows = tuple(
        (
            p.label, p.name, bates_text(p.prefix, p.first, p.last).replace(" – ", " –\n"),
            grouped(p.record_sha256, 2) or words("redacted.hash"),
        )
        for p in produced
    )  # fmt: skip
    originals: dict[str, list[str]] = {}
    for p in produced:
        if p.original_sha256:
            originals.setdefault(p.original_sha256, []).append(p.label)
    files = (Column(words("column.sha256_file"), 67, "mono"), Column(words("column.exhibits"), 33))
    file_rows = tuple((grouped(h), ", ".join(dict.fromkeys(n))) for h, n in originals.items())
    return (
        Remark(words("hashes.intro")), Grid(columns, rows, words("hashes.records")),
        Grid(files, file_rows, words("hashes.files")),
    )  # fmt: skip
