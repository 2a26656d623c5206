from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from casekit.analysis.usage import (
    coverage,
    engine,
    infrastructure,
    lifecycle,
    networks,
    placebo,
    retries,
    scripts,
    synchrony,
    volume,
    worth,
)  # fmt: skip
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.analytics import ANALYTICS
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.prices import Price, Prices
from casekit.progress import Silent
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


PRICES = Prices(
    "prices.csv",
    "0" * 64,
    (
        Price("larch-2", date(2026, 1, 1), date(2026, 1, 10), "3", "15", "USD", "item 1"),
        Price("larch-2", date(2026, 1, 11), None, "2.5", "", "EUR", "item 1"),
    ),
)
NETWORKS = networks.Networks(
    "n.csv", "0" * 64, {64512 + n: ("hosting", "s", "d") for n in range(99)}
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # pyspark's own calls of pandas, and sockets it leaves
def test_spark_gives_the_tables_that_duckdb_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install casekit[spark]")
    if shutil.which("java") is None:
        pytest.skip("there is no Java, which Spark needs")
    rows = [*logs.ordinary(2, 100, 600), *logs.campaign(2, 24, 240)]
    monkeypatch.setattr(coverage, "MOST", 10)
    rows[0] = {**rows[0], "sent_zone": "assumed:utc"}
    last = max(range(len(rows)), key=lambda n: rows[n]["sent_us"])
    rows[last] = {**rows[last], "status": 403}
    rows[1] = {**rows[1], "ip": "2001:db8:7::1", "status": None, "prompt": "Crème brûlée, 一步一步"}
    path = logs.write(rows, tmp_path / "log.parquet")
    joined, decided = ([3, 4], [1, 1]), ([1], [logs.START_US])
    with engine.opened([path]) as here, spark(path) as there:
        tables = [
            tables_of(frames.build(one, decided=decided, joined=joined)) for one in (here, there)
        ]
    assert set(tables[0]) == set(tables[1])
    for name, table in tables[0].items():
        assert tables[1][name] == table, name
    assert tables[0]["worth"]["requests_priced"] > 100
    assert len(tables[0]["groups"]) > 0
    assert len(tables[0]["looked at"]) < len(tables[0]["prompts"])
    assert any(tables[0]["lives"][2])


@contextmanager
def spark(path: Path) -> Iterator[Any]:
    import ibis
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(path.parent / "warehouse"),
    }  # fmt: skip
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    try:
        backend = ibis.pyspark.connect(session)
        backend.read_parquet(str(path), table_name=engine.RAW)
        yield backend
    finally:
        session.stop()


def tables_of(frame: Frame) -> dict[str, Any]:
    """Everything that the analytics ask an engine for, without the queries, which have dialects."""
    told: dict[str, Any] = {
        "accounts": (
            frame.accounts,
            frame.requests.tolist(),
            frame.customer.tolist(),
            frame.present,
        ),
        "groups": [
            (group.kinds, group.members.tolist())
            for group in infrastructure.groups(infrastructure.traits(frame))
        ],
        "slots": synchrony.slots(frame)[0].to_pylist(),
        "prompts": [row for batch in frame.batches("prompt") for row in batch.to_pylist()],
        "volume": volume.volume(frame, {"1": list(frame.accounts[:9])}),
        "worth": worth.value(frame, PRICES, {"1": list(frame.accounts[:9])}),
    }
    known = lifecycle.lives(frame)
    assert isinstance(known, lifecycle.Lives)
    told["lives"] = (known.first.tolist(), known.last.tolist(), known.refused.tolist())
    told["looked at"] = frame.fetch(coverage.sampled(frame)).to_pylist()
    told["places"] = networks.mostly(frame, "country")
    told["moves"] = repr(placebo.compare(frame, np.arange(len(frame.accounts)) % 2 - 1, 1)[0])
    told["in common"] = retries.in_common(frame, np.arange(len(frame.accounts)))
    kinds = networks.measure(frame, NETWORKS)
    assert isinstance(kinds, networks.Measure)
    measures = [lifecycle.measure(frame, known), kinds]
    measures += retries.rephrased(frame, scripts.read(frame, Silent()))
    for analytic in ANALYTICS:
        measured = analytic.measures(frame)
        assert not isinstance(measured, str)
        measures += measured
    for one in measures:
        values = one.values.round(9).tolist()
        told[f"{one.id} {one.key}"] = (one.hits.tolist(), one.of.tolist(), repr(values))
    for part in (told["volume"], told["worth"]):
        del part["query"]
    return told
