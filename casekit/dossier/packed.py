"""Office files as packages: parts in one order with fixed times, so that equal content gives equal bytes."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(path: Path, parts: Mapping[str, str]) -> None:
    """Write a package; its parts come in the order given, as readers expect the list of types first."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, text.encode("utf-8"))


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every part of a finished package with all that it says: its texts, and the values of its attributes."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            raw = package.read(name).decode("utf-8", "replace")
            attributes = " ".join(re.findall(r'="([^"]*)"', raw))
            yield name, html.unescape(f"{_TAG.sub(' ', raw)} {attributes}")
