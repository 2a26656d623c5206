"""What every exhibit says of itself: where it comes from, who received it, its hashes, its troubles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from casekit import clock
from casekit.dossier.sheet import Chapter, Column, Fact, Grid, Prose
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView, ReceiptRow, bates_number
from casekit.queries.problems import COUNTED, ProblemRow
from casekit.queries.times import Instant
from casekit.queries.zones import AS_ASSUMED, DAY_US

ASSUMED = ("undecided", "decided", "left-out")
"""States of a time whose zone its source does not say."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the sections need besides the item.

    Attributes:
        labels: Of items that are exhibits in this dossier: (label, destination).
        numbers: Bates number or range of items that have one, as printed.
        entries: Numbers of the custody entries that touch an original, by its SHA-256.
        redacted: Items of which something is withheld, or of an item below them: their records and hashes
            would tell what it is.
        unhashed: Originals whose hash would do the same.
        kept_back: Other parts of the exchanges shown that are withheld as privileged: they are counted and
            that is all.
    """

    words: Wording
    spec: DossierSpec
    labels: Mapping[int, tuple[str, str]]
    numbers: Mapping[int, str]
    entries: Mapping[bytes, tuple[int, ...]]
    redacted: Collection[int] = frozenset()
    unhashed: Collection[bytes] = frozenset()
    kept_back: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Printed:
    """An exhibit as it is printed: its chapter, and its items, the exhibit itself first."""

    chapter: Chapter
    views: tuple[ItemView, ...]


def bates_text(prefix: str, first: int, last: int) -> str:
    """A number or a range of numbers as printed, empty for none."""
    if not prefix:
        return ""
    one = bates_number(prefix, first)
    return one if last == first else f"{one} – {bates_number(prefix, last)}"


def grouped(digest: bytes | str, rows: int = 1) -> str:
    """A digest in hex, in groups of eight that an eye can compare, on that many rows."""
    text = digest.hex() if isinstance(digest, bytes) else digest
    groups = [text[i : i + 8] for i in range(0, len(text), 8)]
    each = max(1, -(-len(groups) // rows))
    return "\n".join(" ".join(groups[i : i + each]) for i in range(0, len(groups), each))


def where(item_id: int, context: Context) -> str:
    """Where an item can be read: the exhibit, the number under which it was produced, or the item."""
    label, words = context.labels.get(item_id), context.words
    if label:
        return words("pair.exhibit", label=label[0])
    return context.numbers.get(item_id, "") or words("pair.item", id=item_id)


def day(us: int | None, words: Wording) -> str:
    """A date in words, such as `14 January 2026`, empty for none."""
    return words("day.long", at=clock.from_us(us)) if us is not None else ""


def short_day(us: int | None, words: Wording) -> str:
    """A date for a narrow column, such as `14 Jan 2026`, empty for none."""
    return words("day.short", at=clock.from_us(us)) if us is not None else ""


def instant(us: int | None, resolution_us: int | None = None) -> str:
    """An instant in UTC, as exact as its source."""
    if us is None:
        return ""
    moment = clock.from_us(us)
    if resolution_us is not None and resolution_us >= DAY_US:
        return f"{moment:%Y-%m-%d}"
    text = f"{moment:%Y-%m-%d %H:%M:%S}"
    if resolution_us is not None and resolution_us >= 1_000_000:
        return f"{text} UTC"
    fraction = f"{moment.microsecond:06d}".rstrip("0")
    return f"{text}.{fraction.ljust(3, '0')} UTC" if fraction else f"{text} UTC"


def facts(*pairs: Fact | tuple[str, str]) -> tuple[Fact, ...]:
    """The facts that have a value."""
    made = (p if isinstance(p, Fact) else Fact(*p) for p in pairs)
    return tuple(f for f in made if f.value)


def place(view: ItemView, words: Wording) -> str:
    """Where in which file the item stands: kind, file, member, line, first and last byte counted from 0.

    Of what is redacted the bytes are left out: how long the record is tells how long the words are.
    """
    steps = orjson.loads(view.pointer) if view.pointer else []
    name = view.receipts[0].path if view.receipts else view.row.name
    is_log = view.row.collection == "api-log"
    text = words("log.evidence") if is_log else words(f"kind.{view.row.kind}")
    members = [s["name"] for s in steps if s.get("name")]
    slices = [s for s in steps if s["how"] == "slice"]
    if members:
        text = words("evidence.member", what=text, member=" / ".join(members))
    if slices and slices[-1].get("line") is not None:
        text = words("evidence.line", what=text, line=f"{slices[-1]['line']:,}")
    text = words("evidence.file", what=text, file=name) if name else text
    if slices and not view.is_redacted:
        start = slices[-1].get("offset", 0)
        last = start + max(slices[-1].get("length", 0), 1) - 1
        text += words("evidence.bytes", first=f"{start:,}", last=f"{last:,}")
    return text


def when_facts(view: ItemView, words: Wording, label: str) -> tuple[Fact, ...]:
    """The item's time in UTC, what was assumed and decided of its zone, and the source's own text of it."""
    time, text = view.row.time, instant(printed_us(view), view.sent_resolution_us)
    if time.state in ASSUMED:
        text += words(f"when.{time.state}", rule=time.rule, **_decision(time, words))
    raw = words("when.raw", field=view.sent_field, raw=view.sent_raw) if view.sent_raw else ""
    return facts((label, f"{text}\n{raw}".strip()))


def index_day(view: ItemView, words: Wording) -> str:
    """The item's day for the index, marked where its zone is in doubt; empty without a time."""
    text = short_day(printed_us(view), words)
    return text if view.row.time.is_sure else words("when.about", day=text)


def printed_us(view: ItemView) -> int | None:
    """The instant; of a whole day that day as it was written, which no zone moves."""
    whole_day = (view.sent_resolution_us or 0) >= DAY_US
    return view.row.time.assumed_us if whole_day else view.row.time.us


def _decision(time: Instant, words: Wording) -> dict[str, str]:
    said = time.decision
    if time.state == "undecided" or said is None:
        order = words("when.order") if time.is_day_open else ""
        return {"hours": str(time.off_hours), "order": order}
    reading = words("when.as-assumed") if said.reading == AS_ASSUMED else said.reading
    if said.swapped:
        reading = words("when.swapped", reading=reading)
    wide = words("when.wide", minutes=time.wide_us // 60_000_000) if time.wide_us else ""
    return {
        "by": said.by,
        "day": day(said.at_us, words),
        "reading": reading,
        "reason": said.reason,
        "wide": wide,
    }


def origin_facts(view: ItemView, context: Context) -> tuple[Fact, ...]:
    """Who received the file, when and from whom, its hashes, and what went wrong with it."""
    words = context.words
    found: list[Fact] = []
    for receipt in view.receipts:
        found.append(Fact(words("facts.received"), _received(receipt, words)))
        if view.original_sha256 not in context.unhashed:
            found += _supplied(receipt, words)
    entries = context.entries.get(view.original_sha256, ())
    if entries:
        found.append(Fact(words("facts.custody"), ", ".join(map(str, entries))))
    found += hash_facts(view, context)
    found += [
        Fact(words("facts.problem"), f"{p.kind}: {p.text}{_problem_place(p)}")
        for p in view.problems
    ]
    how = "rendering_masked" if view.exchange.get("api_key") else "rendering_text"
    if view.is_redacted:
        told = [words.count("redacted.passages", len(view.redactions))] if view.redactions else []
        told += [words.count("redacted.boxes", len(view.boxes))] if view.boxes else []
        found.append(Fact(words("facts.redactions"), "\n".join(told)))
        how = "rendering_redacted"
    elif view.pseudonyms:
        how = "rendering_pseudonyms"
    if view.pseudonyms:
        found.append(Fact(words("facts.pseudonyms"), ", ".join(view.pseudonyms)))
    found.append(Fact(words("facts.rendering"), words(f"facts.{how}")))
    return tuple(found)


def hash_facts(view: ItemView, context: Context) -> list[Fact]:
    """The hashes of file and record, but for those that would let a withheld passage be guessed."""
    words = context.words
    if view.original_sha256 in context.unhashed:
        found = [Fact(words("facts.file_hash"), words("redacted.hash"))]
    else:
        found = [Fact(words("facts.file_hash"), grouped(view.original_sha256), "mono")]
    if view.sha256 == view.original_sha256:
        return found
    if view.row.id in context.redacted:
        return [*found, Fact(words("facts.record_hash"), words("redacted.hash"))]
    return [*found, Fact(words("facts.record_hash"), grouped(view.sha256), "mono")]


def _received(receipt: ReceiptRow, words: Wording) -> str:
    parts = [instant(receipt.at_us, 1_000_000)]
    for key in ("custodian", "received_from", "received_at", "medium", "collected_by",
                "collection_tool", "authority"):  # fmt: skip
        value = getattr(receipt, key)
        if value:
            parts.append(words(f"receipt.{key}", value=value))
    return "; ".join(parts)


def _supplied(receipt: ReceiptRow, words: Wording) -> list[Fact]:
    if not receipt.supplied_hash:
        return []
    key = "supplied.match" if receipt.supplied_match == "yes" else "supplied.differs"
    return [Fact(words("facts.supplied"), words(key, hash=receipt.supplied_hash))]


def _problem_place(row: ProblemRow) -> str:
    parts = [f"line {row.line:,}"] if row.line is not None else []
    parts += [f"byte {row.offset:,}"] if row.offset is not None else []
    parts += [COUNTED[row.counted]] if row.counted in COUNTED else []
    return f" ({', '.join(parts)})" if parts else ""


def source_text(heading: str, text: str, item_id: int, part: str) -> Prose:
    """Text that is code or data: in the mono, broken anywhere."""
    return Prose(heading, text, item_id, part, face="mono", dense=True)


def flattened(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Fields and values with nested names joined by dots, without empty ones; lists as JSON."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{before}{key}.")
        elif value not in (None, "", [], ()):
            yield before + key, plain(value)


def values_grid(values: Mapping[str, Any], words: Wording, heading: str) -> Grid:
    """A mapping as a table of field and value, in two columns where all are short."""
    rows = list(flattened(values))
    one = (Column(words("column.field"), 26), Column(words("column.value"), 74, "mono"))
    if len(rows) < 6 or any(len(key) > 24 or len(value) > 44 for key, value in rows):
        return Grid(one, tuple(rows), heading)
    two = (Column(words("column.field"), 22), Column(words("column.value"), 28, "mono"))
    half = -(-len(rows) // 2)
    beside = [*rows[half:], ("", "")]
    return Grid((*two, *two), tuple((*rows[n], *beside[n]) for n in range(half)), heading)


def plain(value: Any) -> str:
    """A value as text: itself, hex for bytes, else JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return orjson.dumps(value).decode() if isinstance(value, (dict, list, tuple)) else str(value)
