"""The one place where DuckDB is opened: without network, without spilling to disk, reading one folder only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MEMORY = "1GB"
THREADS = 2
_MEMTABLE = re.compile(r"ibis_\w*memtable_\w+")
RAW = "exchanges"
"""The name that the Parquet files have in every query."""


@contextmanager
def opened(parts: Sequence[Path]) -> Iterator[Any]:
    """An Ibis backend on an empty DuckDB in memory, in which `RAW` is what the files hold.

    It finds and loads no extensions, keeps no temporary files, and once the files are known it can open
    nothing but what lies in their folders.

    Args:
        parts: Parquet files of the sidecar; at least one.
    """
    import duckdb
    import ibis

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "temp_directory": "",
            "memory_limit": MEMORY,
            "threads": THREADS,
            "preserve_insertion_order": False,
        },
    )
    try:
        folders = sorted({str(part.resolve().parent) for part in parts})
        connection.execute("SET allowed_directories = $folders", {"folders": folders})
        connection.execute("SET enable_external_access = false")
        backend = ibis.duckdb.from_connection(connection)
        connection.execute("SET lock_configuration = true")
        backend.read_parquet([str(part.resolve()) for part in parts], table_name=RAW)
        yield backend
    finally:
        connection.close()


def keep(backend: Any, name: str, expression: Any) -> None:
    """Give an expression a name for as long as the engine is open: a table, a view where there are no such."""
    if backend.name == "pyspark":
        backend.create_view(name, expression, overwrite=True)
    else:
        backend.create_table(name, obj=expression, temp=True)


def sql(backend: Any, expression: Any) -> str:
    """The query that an expression becomes, on one line.

    Tables that were given with it, which engines name at random, are called `given_1`, `given_2` and so on.
    """
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"given_{len(names) + 1}")

    return _MEMTABLE.sub(named, " ".join(str(backend.compile(expression)).split()))
