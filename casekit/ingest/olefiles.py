"""Old office files (OLE compound files): streams by name whatever their case, properties, macros, objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data, DataFile
from casekit.ingest.office import MOST_LISTED, Found, when_of

_MOST_BYTES = 512 * 1024 * 1024
_PROPERTIES = {
    "author": "creator", "last_saved_by": "lastModifiedBy", "create_time": "created",
    "last_saved_time": "modified", "last_printed": "lastPrinted", "title": "title", "subject": "subject",
    "comments": "description", "revision_number": "revision", "keywords": "keywords", "category": "category",
}  # fmt: skip
_APPLICATION = {
    "creating_application": "Application", "company": "Company", "manager": "Manager", "template": "Template",
    "total_edit_time": "TotalTime",
}  # fmt: skip
_VECTOR = 0x1000  # MS-OLEPS 2.15
_MOST_PROPERTIES = 500
_MACROS = ("macros", "_vba_project_cur", "vba", "_vba_project")


@dataclass(frozen=True, slots=True)
class OleFile:
    """An open compound file (MS-CFB)."""

    file: Any
    paths: dict[str, list[str]]

    def stream(self, name: str) -> bytes:
        """Bytes of a stream below the root; empty where there is none or it cannot be read."""
        path = self.paths.get(name.lower())
        if path is None:
            return b""
        try:
            with self.file.openstream(path) as stream:
                data: bytes = stream.read(_MOST_BYTES)
        except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector leads to
            return b""
        return data

    def has_circle(self) -> bool:
        """Whether some chain of sectors, large or small, never ends."""
        try:
            self.file.loadminifat()
        except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector leads to
            return True
        return _has_circle(self.file.fat) or _has_circle(self.file.minifat)


@contextmanager
def open_ole(untrusted_data: Data) -> Iterator[OleFile | None]:
    """The compound file, or None where its directory cannot be read; closed at the end of the block."""
    try:
        file = bounded_reader()(DataFile(untrusted_data))
        paths = {
            "/".join(path).lower(): path for path in file.listdir(streams=True, storages=False)
        }
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken directory leads to
        yield None
        return
    try:
        yield OleFile(file, paths)
    finally:
        file.close()


@cache
def bounded_reader() -> Any:
    """The class of olefile, which by itself believes any size of a stream or of a property set's values."""
    import olefile

    class Bounded(olefile.OleFileIO):  # type: ignore[misc]
        parsed = 0

        def _open(self, start: int, size: int = olefile.UNKNOWN_SIZE, **how: Any) -> Any:
            if size != olefile.UNKNOWN_SIZE:
                size = min(
                    size, self._filesize
                )  # else a chain that leads in a circle is walked so often
            return super()._open(start, size, **how)

        def _parse_property(self, s: bytes, offset: int, id_: int, kind: int, *how: Any) -> Any:
            self.parsed += 1
            if kind & _VECTOR or self.parsed > _MOST_PROPERTIES:
                return None  # no property that we show is a vector
            return super()._parse_property(s, offset, id_, kind, *how)

    return Bounded


def is_sound(untrusted_data: Data) -> bool:
    """Whether a compound file is one that a library which takes all it says for true can read.

    Its sectors have a size that there may be, and no chain of them leads in a circle.

    Source: MS-CFB 2.2 and 2.3.
    """
    with open_ole(untrusted_data) as ole:
        return ole is not None and not ole.has_circle()


def _has_circle(following: Sequence[int]) -> bool:
    """Whether going from some number to the one that follows it ever leads back to it."""
    seen = [0] * len(following)
    for start in range(len(following)):
        at = start
        while at < len(following) and not seen[at]:
            seen[at] = start + 1
            at = following[at]
        if at < len(following) and seen[at] == start + 1:
            return True
    return False


def read_ole_facts(ole: OleFile, found: Found) -> None:
    """Facts of any old office file, and its time by its properties.

    Facts: `properties`, `application`, `macros`, `embedded` (names of objects inside).

    Source: MS-OLEPS; MS-OVBA 2.2.
    """
    try:
        meta = ole.file.get_metadata()
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken property set leads to
        meta = None
    charset = _charset(getattr(meta, "codepage", None))
    for name, wanted in (("properties", _PROPERTIES), ("application", _APPLICATION)):
        values = {new: _value(getattr(meta, old, None), charset) for old, new in wanted.items()}
        found.facts[name] = {key: value for key, value in values.items() if value}
    found.when = when_of(found.facts["properties"])
    tops = {path.split("/")[0] for path in ole.paths} | {
        piece for path in ole.paths for piece in path.split("/")[:2]
    }
    found.facts["macros"] = any(name in tops for name in _MACROS)
    inside = {path.split("/")[1] for path in ole.paths if path.startswith("objectpool/")}
    found.facts["embedded"] = sorted(inside)[:MOST_LISTED]
    found.facts["signed"] = any(name in ("_signatures", "_xmlsignatures") for name in tops)


def _charset(codepage: object) -> str:
    number = int(codepage) & 0xFFFF if isinstance(codepage, int) else 1252
    return {1200: "utf-16-le", 65001: "utf-8", 10000: "mac_roman"}.get(number, f"cp{number}")


def _value(value: object, charset: str) -> str:
    if isinstance(value, bytes):
        try:
            return _shown(value.decode(charset, "replace"))
        except LookupError:
            return _shown(value.decode("cp1252", "replace"))
    if isinstance(value, dt.datetime):
        # property sets hold UTC (MS-OLEPS 2.15); 1601 is a time that was never set
        return value.replace(tzinfo=dt.UTC).isoformat() if value.year > 1601 else ""
    return _shown(str(value)) if value not in (None, "", 0) else ""


def _shown(text: str) -> str:
    return tidy(text.strip("\0").strip())[:500]
