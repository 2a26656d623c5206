"""SQLite databases for the tests, made by SQLite itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2


def database(*statements: str | tuple[str, Iterable[Any]], page: int = 4096) -> bytes:
    """The bytes of a database after some statements, of which one with rows is run for each of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        base = sqlcipher3.dbapi2.connect(str(path))
        base.execute(f"PRAGMA page_size = {page}")
        for each in statements:
            if isinstance(each, str):
                base.execute(each)
            else:
                base.executemany(*each)
        base.commit()
        base.close()
        return path.read_bytes()
