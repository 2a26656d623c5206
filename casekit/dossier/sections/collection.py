"""How the evidence came here: receipts of what is printed, books of its imports, and what people say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from casekit.dossier.sections.common import Printed, instant
from casekit.dossier.sections.stated import is_open, or_gap
from casekit.dossier.sheet import Block, Column, Fact, Facts, Grid, Remark
from casekit.dossier.spec import NARRATIVE, DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries import runs
from casekit.queries.items import ReceiptRow

_HOW = ("received_from", "received_at", "medium", "collected_by", "collection_tool", "authority")


def blocks(
    s: Connection, spec: DossierSpec, printed: Sequence[Printed], words: Wording, *, draft: bool
) -> tuple[Block, ...]:
    """Who collected it, when, with what and by which right, as recorded; then as stated.

    Receipts are those of the exhibits alone: a file's name, or another file, could tell what is withheld.
    """
    return (
        Remark(words("collection.intro")),
        _received(printed, words),
        Facts(
            tuple(_said(spec, name, words, draft) for name in NARRATIVE),
            words("collection.statement"),
        ),
        *_books(s, printed, words),
        Remark(f"{words('collection.note')} {words('collection.tool')}", small=True),
    )


def _said(spec: DossierSpec, name: str, words: Wording, draft: bool) -> Fact:
    """The user's own words; silence is printed too, because it is an answer.

    Raises:
        CaseKitError: It is to be issued, and a place in the words was left open.
    """
    text, label = spec.narrative.get(name, "").strip(), words(f"collection.label.{name}")
    if draft:
        gap = words("collection.gap", what=words(f"collection.ask.{name}"))
        return Fact(label, or_gap(text, gap), "serif")
    if text and is_open(text):
        raise CaseKitError(
            "The dossier cannot be issued, because a place is left open under “{label}” of the collection: "
            "fill it in, or take the text out.",
            label=label,
        )
    return Fact(label, text or words("collection.not_stated"), "serif")


def _received(printed: Sequence[Printed], words: Wording) -> Grid:
    files: dict[tuple[str, ...], tuple[set[bytes], dict[str, None]]] = {}
    for one in printed:
        for view in one.views:
            for receipt in view.receipts:
                hashes, labels = files.setdefault(_together(receipt, words), (set(), {}))
                hashes.add(view.original_sha256)
                labels[one.chapter.label] = None
    columns = (
        Column(words("collection.at"), 16), Column(words("collection.custodian"), 20),
        Column(words("collection.how"), 38), Column(words("collection.files"), 8),
        Column(words("collection.exhibits"), 18),
    )  # fmt: skip
    rows = tuple(
        (*key, f"{len(hashes):,}", ", ".join(labels))
        for key, (hashes, labels) in sorted(files.items())
    )
    return Grid(columns, rows, words("collection.received"))


def _together(receipt: ReceiptRow, words: Wording) -> tuple[str, str, str]:
    """What files that came together have in common: the minute, the custodian, and how they came."""
    how = [words(f"receipt.{key}", value=v) for key in _HOW if (v := getattr(receipt, key))]
    nothing = words("collection.unknown")
    at = instant(receipt.at_us, 1_000_000).removesuffix(" UTC")[:16]
    return at, receipt.custodian or nothing, "; ".join(how) or nothing


def _books(s: Connection, printed: Sequence[Printed], words: Wording) -> list[Block]:
    wanted = {r.run_id for one in printed for view in one.views for r in view.receipts}
    rows = [
        (
            str(run.id), f"{run.report['files']:,}", f"{run.report['bytes_total']:,}",
            f"{_unread(run):,}", f"{len(run.report['problems']):,}",
        )
        for run in reversed(runs.runs(s))
        if run.id in wanted and run.report.get("files")
    ]  # fmt: skip
    if not rows:
        return []
    columns = (
        Column(words("collection.run"), 12), Column(words("collection.files"), 14),
        Column(words("collection.bytes"), 26), Column(words("collection.unread"), 28),
        Column(words("collection.problems"), 20),
    )  # fmt: skip
    return [Grid(columns, tuple(rows), words("collection.books"))]


def _unread(run: runs.RunRow) -> int:
    counts = run.report["formats"].values()
    return sum(int(count["bytes"]) - int(count["understood"]) for count in counts)
