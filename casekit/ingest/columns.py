"""Items of a log laid out as columns: the form in which plain records cross from the worker to the case.

A record as objects costs as much on either side of the line as reading it did. What has a family, people, a
mail or an unusual pointer travels as `Parsed`; both forms say the same, and each can be made of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

import msgspec
from msgspec.structs import astuple

from casekit.alike import is_one
from casekit.ingest.parsed import (
    Collection,
    Exchange,
    Kind,
    Parsed,
    Problem,
    Step,
    When,
    int64,
)

MOST_ITEMS = 200
"""Items that are laid out together."""

_ABSENT = Exchange()
_HASH = 32
_SHORT = 1000
"""Characters of a text that may stand once for all items: no frame may swell beyond measure."""
_TEXT, _WHOLE, _REAL = tuple[str | None, ...], tuple[int64 | None, ...], tuple[float | None, ...]
_OF = {
    "str": _TEXT,
    "bytes": tuple[bytes | None, ...],
    "int64 | None": _WHOLE,
    "float | None": _REAL,
    "tuple[str, ...]": _TEXT,  # the words of `completeness`, with blanks between them
}
ExchangeColumns = msgspec.defstruct(
    "ExchangeColumns",
    [(name, _OF[str(kind)] | None, None) for name, kind in Exchange.__annotations__.items()],
    frozen=True,
    array_like=True,
)
"""For each field of `Exchange` its values, None where it has none; a column without any is None."""

_FIELDS = [(name, getattr(_ABSENT, name)) for name in Exchange.__struct_fields__]


class Columns(msgspec.Struct, frozen=True, array_like=True):
    """Neighbours in one file, each column with a value for every item, in the file's order.

    Attributes:
        above: The steps from the original to the bytes that hold them all.
        offset: First byte of each among those; it is a slice of `size` bytes.
        line: The line it starts at.
        us: The fields of `When` from here on; all None for an item without a time.
        texts: For each part its texts, None where an item has no such part; its parts stand in their order.
        exchange: The fields of the exchanges.
        problems: Of those that have any: the item's place from 0, and its problems.
    """

    above: tuple[Step, ...]
    kind: tuple[Kind, ...]
    collection: tuple[Collection, ...]
    title: tuple[str, ...]
    media_type: tuple[str, ...]
    language: tuple[str, ...]
    sha256: tuple[bytes, ...]
    size: tuple[int64, ...]
    offset: tuple[int64, ...]
    line: tuple[int64 | None, ...]
    us: tuple[int64 | None, ...]
    raw: tuple[str | None, ...]
    field: tuple[str | None, ...]
    zone: tuple[str | None, ...]
    resolution_us: tuple[int64 | None, ...]
    texts: tuple[tuple[str, tuple[str | None, ...]], ...]
    exchange: ExchangeColumns  # type: ignore[valid-type]
    problems: tuple[tuple[int64, tuple[Problem, ...]], ...] = ()

    def __len__(self) -> int:
        return len(self.kind)

    def filled(self) -> dict[str, tuple[Any, ...]]:
        """The columns of the exchanges that have any value, by name."""
        named = zip(Exchange.__struct_fields__, astuple(self.exchange), strict=True)
        return {name: values for name, values in named if values is not None}


_OWN = tuple(
    name
    for name in Columns.__struct_fields__
    if name not in {"above", "sha256", "offset", "texts", "exchange", "problems"}
)
"""The columns of an item itself in which all may have the same."""

# -- laid out, in the worker ----------------------------------------------------------------------


def columns_of(items: Sequence[Parsed]) -> Columns | None:
    """The items as columns; None if there are none, or one of them has what no column holds."""
    if not items:
        return None
    number = len(items)
    (kind, collection, title, steps, sha256, size, name, media_type, texts, when, parties, mail, exchange,
     pages, language, facts, problems, children, beside) = zip(*map(astuple, items), strict=True)  # fmt: skip
    nothing: tuple[tuple[Sequence[Any], Any], ...] = (
        (name, ""), (parties, ()), (mail, None), (pages, None), (facts, ""), (children, ()), (beside, False),
    )  # fmt: skip
    if None in exchange or any(values != (none,) * number for values, none in nothing):
        return None
    slices = _slices(steps, sha256, size)
    parts = _parts(texts)
    if slices is None or parts is None:
        return None
    us, raw, field, zone, resolution_us = _times(when)
    told = tuple((n, each) for n, each in enumerate(problems) if each)
    return Columns(
        steps[0][:-1], kind, collection, title, media_type, language, sha256, size, *slices,
        us, raw, field, zone, resolution_us, parts, _exchanges(exchange), told,
    )  # fmt: skip


def _slices(
    steps: Sequence[tuple[Step, ...]], hashes: Sequence[bytes], sizes: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int | None, ...]] | None:
    """Offsets and lines of items that are plain slices of the same bytes."""
    above = steps[0][:-1]
    if () in steps or (set(map(len, steps)) != {1} and any(way[:-1] != above for way in steps)):
        return None
    how, name, number, offset, length, line, decoding, before, sha256 = zip(
        *(astuple(way[-1]) for way in steps), strict=True
    )
    same = (("slice", how), ("", name), (0, number), ("", decoding), (b"", before))
    if any(values != (one,) * len(steps) for one, values in same):
        return None
    return (offset, line) if (length, sha256) == (sizes, hashes) else None


def _times(when: Sequence[When | None]) -> Sequence[tuple[Any, ...]]:
    nowhen = (None,) * len(When.__struct_fields__)
    return tuple(zip(*(nowhen if each is None else astuple(each) for each in when), strict=True))


def _parts(
    texts: Sequence[tuple[tuple[str, str], ...]],
) -> tuple[tuple[str, tuple[str | None, ...]], ...] | None:
    """The texts of each part; None if the items do not name their parts in one order."""
    kinds = {tuple([part for part, _ in said]) for said in texts}
    order = max(kinds, key=len)
    place = {part: number for number, part in enumerate(order)}
    if len(place) < len(order):
        return None
    if len(kinds) == 1:
        columns = [tuple([said[n][1] for said in texts]) for n in range(len(order))]
        return tuple(zip(order, columns, strict=True))
    for parts in kinds:
        places = [place.get(part, -1) for part in parts]
        if -1 in places or sorted(set(places)) != places:
            return None
    named = [dict(said) for said in texts]
    return tuple((part, tuple([said.get(part) for said in named])) for part in order)


def _exchanges(found: Sequence[Exchange]) -> Any:
    number = len(found)
    columns: list[tuple[Any, ...] | None] = []
    for values, (name, absent) in zip(zip(*map(astuple, found), strict=True), _FIELDS, strict=True):
        if values == (absent,) * number:
            columns.append(None)
        elif name == "completeness":
            columns.append(tuple([" ".join(words) or None for words in values]))
        elif absent is not None and absent in values:
            columns.append(tuple([each or None for each in values]))
        else:
            columns.append(values)
    return ExchangeColumns(*columns)


def shortened(columns: Columns) -> Columns:
    """The form in which they travel: a value that all items share stands once in its column; see `whole`."""
    return _each(columns, lambda values: values[:1] if _goes_once(values) else values)


def _goes_once(values: Sequence[Any]) -> bool:
    first = values[0]
    return not (type(first) is str and len(first) > _SHORT) and is_one(values)


def _each(columns: Columns, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Columns:
    """The same with each column changed, but those of hashes and offsets."""
    c = columns
    return msgspec.structs.replace(
        c,
        **{name: change(getattr(c, name)) for name in _OWN},
        texts=tuple([(part, change(texts)) for part, texts in c.texts]),
        exchange=ExchangeColumns(*[values and change(values) for values in astuple(c.exchange)]),
    )


# -- taken back, in the importer ------------------------------------------------------------------


def whole(untrusted_columns: Columns) -> Columns:
    """The columns as they have travelled, with a value for every item, checked.

    Raises:
        msgspec.ValidationError: They do not fit each other, or are longer than they can be.
    """
    number = len(untrusted_columns.offset)

    def spread(values: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(values) != 1:
            return values
        if type(values[0]) is str and len(values[0]) > _SHORT:
            raise msgspec.ValidationError("a long text for all items")
        return values * number

    if not 0 < number <= MOST_ITEMS:
        raise msgspec.ValidationError("columns of no items, or of too many")
    columns = untrusted_columns if number == 1 else _each(untrusted_columns, spread)
    check(columns)
    return columns


def check(untrusted_columns: Columns) -> None:
    """See that the columns fit each other, which the schema alone does not say.

    Raises:
        msgspec.ValidationError: They do not.
    """
    c, number = untrusted_columns, len(untrusted_columns)
    prompts = c.filled().get("prompt_sha256", ())
    times = (c.us, c.raw, c.field, c.zone, c.resolution_us)
    plain = (
        c.collection,
        c.title,
        c.media_type,
        c.language,
        c.sha256,
        c.size,
        c.offset,
        c.line,
        *times,
    )
    columns = (*plain, *(texts for _, texts in c.texts), *c.filled().values())
    hashes = {*map(len, c.sha256), *(len(each) for each in prompts if each is not None)}
    sound = (
        set(map(len, columns)) == {number}
        and hashes <= {_HASH}
        and len({part for part, _ in c.texts}) == len(c.texts)
        and all(0 <= place < number for place, _ in c.problems)
        and (
            not any(None in column for column in times)
            or all(each.count(None) in (0, len(times)) for each in zip(*times, strict=True))
        )
    )
    if not sound:
        raise msgspec.ValidationError("columns that do not fit each other")


def items_in(columns: Columns) -> tuple[Parsed, ...]:
    """The items that were laid out."""
    told = dict(columns.problems)
    absent = dict(_FIELDS)
    filled = {
        name: [
            absent[name]
            if each is None
            else tuple(each.split())
            if name == "completeness"
            else each
            for each in values
        ]
        for name, values in columns.filled().items()
    }
    rows = zip(*filled.values(), strict=True) if filled else repeat(())
    exchanges = (Exchange(**dict(zip(filled, row, strict=True))) for row in rows)
    return tuple(
        Parsed(
            kind, collection, title,
            (*columns.above, Step("slice", offset=offset, length=size, line=line, sha256=sha256)),
            sha256, size, media_type=media_type, language=language, when=when, texts=texts,
            exchange=exchange, problems=told.get(number, ()),
        )
        for number, (kind, collection, title, media_type, language, sha256, size, offset, line, when, texts,
                     exchange)
        in enumerate(zip(
            columns.kind, columns.collection, columns.title, columns.media_type, columns.language,
            columns.sha256, columns.size, columns.offset, columns.line, _whens(columns), _texts(columns),
            exchanges, strict=False,
        ))
    )  # fmt: skip


def _whens(c: Columns) -> Iterator[When | None]:
    for us, raw, field, zone, resolution_us in zip(
        c.us, c.raw, c.field, c.zone, c.resolution_us, strict=True
    ):
        if us is None or raw is None or field is None or zone is None or resolution_us is None:
            yield None
        else:
            yield When(us, raw, field, zone, resolution_us)


def _texts(columns: Columns) -> Iterator[tuple[tuple[str, str], ...]]:
    parts = [part for part, _ in columns.texts]
    if not parts:
        yield from repeat((), len(columns))
    for said in zip(*(texts for _, texts in columns.texts), strict=True):
        yield tuple(
            [(part, text) for part, text in zip(parts, said, strict=True) if text is not None]
        )
