"""The other side's production by its Concordance load file: an item a row, attachments below their parent.

What the rows link to lies in other files; `load_set` brings it to them.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.framing import Fault, Ledger
from casekit.ingest.load_fields import field, parties, when
from casekit.ingest.load_rows import Row, load_rows, shape_of
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, sha256

_MOST_IN_FAMILY = 500
_TITLE = 200


def read(untrusted_data: Data, _context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` for each row, with its fields as text and facts.

    Rows that name the same first number of a family and stand together are one family, its first row the
    head.
    """
    ledger = Ledger()
    shape = shape_of(bytes(untrusted_data[: 256 * 1024]))
    if shape is None:
        yield Problem(
            "parse", "no-fields", "The load file does not begin with the names of its fields."
        )
        yield Books(0, len(untrusted_data), 0)
        return
    family: list[Row] = []
    for found in load_rows(untrusted_data, shape, ledger):
        if isinstance(found, Fault):
            yield found.problem()
            continue
        if family and not _belongs(found, family):
            yield _head(family)
            family = []
        family.append(found)
    if family:
        yield _head(family)
    yield ledger.books()


def _belongs(row: Row, family: list[Row]) -> bool:
    name = field(row.values, "family")
    return (
        bool(name) and name == field(family[0].values, "family") and len(family) < _MOST_IN_FAMILY
    )


def _head(family: list[Row]) -> Parsed:
    return _item(family[0], tuple(_item(row, (), beside=True) for row in family[1:]))


def _item(row: Row, children: tuple[Parsed, ...], *, beside: bool = False) -> Parsed:
    values = {name: tidy(value) for name, value in row.values.items() if value}
    number, name = field(values, "first"), field(values, "name")
    what = field(values, "subject") or name
    title = " · ".join(part for part in (number, " ".join(what.split())) if part)
    people = parties(values)
    digest = sha256(row.raw)
    told = "\n".join(f"{key}: {value}" for key, value in values.items())
    pages = field(values, "pages")
    return Parsed(
        "document",
        "correspondence" if people else "documents",
        title[:_TITLE] or f"Row {row.line}",
        (Step("slice", offset=row.offset, length=len(row.raw), line=row.line, sha256=digest),),
        digest,
        len(row.raw),
        name=name[:_TITLE],
        media_type="text/plain",
        texts=(("load file", told),),
        when=when(values),
        parties=people,
        pages=int(pages) if pages.isascii() and pages.isdigit() and len(pages) < 7 else None,
        facts=orjson.dumps({"load_file": values, "row": row.line}).decode(),
        children=children,
        beside=beside,
    )
