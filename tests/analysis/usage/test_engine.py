from __future__ import annotations

import socket
from pathlib import Path

import duckdb
import pytest

from casekit.analysis.usage import engine
from tests.analysis.usage import logs


def test_nothing_but_the_files_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    path = logs.write(list(logs.ordinary(1, 3, 20)), tmp_path / "a.parquet")
    outside = tmp_path.parent / "outside.csv"
    outside.write_text("a\n1\n")
    with engine.opened([path]) as backend:
        table = backend.table(engine.RAW)
        assert backend.to_pyarrow(table.count()).as_py() == 20
        for query in (
            f"SELECT * FROM read_csv('{outside}')",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            f"COPY (SELECT 1) TO '{outside}'",
        ):
            with pytest.raises(duckdb.Error):
                backend.raw_sql(query)
        settings = backend.raw_sql(
            "SELECT current_setting('temp_directory'), current_setting('memory_limit')"
        ).fetchall()
    assert settings[0][0] == ""
    assert "\n" not in engine.sql(backend, table.select("account"))


def test_a_query_names_no_file(tmp_path: Path) -> None:
    path = logs.write(list(logs.ordinary(1, 3, 20)), tmp_path / "a.parquet")
    with engine.opened([path]) as backend:
        assert str(tmp_path) not in engine.sql(backend, backend.table(engine.RAW))
