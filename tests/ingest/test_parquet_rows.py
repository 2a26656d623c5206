from __future__ import annotations

import datetime as dt
import decimal
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from casekit.ingest.parquet_rows import group_rows, open_parquet, row_at
from casekit.ingest.rows import row_bytes


def parquet(table: pa.Table, **how: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, **how)
    return made.getvalue()


MOMENT = pa.timestamp("us", "UTC")
COLUMNS = {
    "whole": pa.array([2**63 - 1, None], pa.int64()),
    "fine": pa.array([1, None], pa.timestamp("ns", "Europe/Berlin")),
    "naive": pa.array([1_680_998_573_000, None], pa.timestamp("ms")),
    "talk": pa.array(
        [[{"content": "x", "at": 1_680_998_573_000_001}], None],
        pa.list_(pa.struct([("content", pa.string()), ("at", MOMENT)])),
    ),
    "kind": pa.array(["x", None]).dictionary_encode(),
    "bytes": pa.array([b"\xff", "ü".encode()]),
    "money": pa.array([decimal.Decimal("1.50"), None]),
    "share": pa.array([float("nan"), 0.5]),
    "day": pa.array([dt.date(2020, 1, 1), None]),
    "map": pa.array([[("k", 1.5)], None], pa.map_(pa.string(), pa.float64())),
    "time": pa.array([dt.time(1, 2, 3), None]),
    "flag": pa.array([True, None]),
    "half": pa.array([[0.5, None], None], pa.list_(pa.float32())),
    "nothing": pa.nulls(2),
}


def test_every_value_becomes_one_that_json_can_write() -> None:
    file = open_parquet(parquet(pa.table(COLUMNS)))
    first, second = group_rows(file, 0)
    assert first == {
        "whole": 2**63 - 1, "fine": "1970-01-01T00:00:00.000000001Z", "naive": "2023-04-09T00:02:53.000",
        "talk": [{"content": "x", "at": "2023-04-09T00:02:53.000001Z"}], "kind": "x", "bytes": "base64:/w==",
        "money": "1.50", "share": "NaN", "day": "2020-01-01", "map": [{"key": "k", "value": 1.5}],
        "time": "01:02:03.000000", "flag": True, "half": [0.5, None], "nothing": None,
    }  # fmt: skip
    assert {key for key, value in second.items() if value is not None} == {"bytes", "share"}
    assert row_bytes(first)


def test_a_row_is_found_again_by_its_number() -> None:
    data = parquet(pa.table({"n": list(range(500))}), row_group_size=150)
    assert open_parquet(data).metadata.num_row_groups == 4
    assert [row_at(data, n) for n in (0, 149, 150, 499)] == [{"n": n} for n in (0, 149, 150, 499)]
    with pytest.raises(ValueError, match="no such row"):
        row_at(data, 500)


def test_two_columns_of_one_name_are_both_kept() -> None:
    data = parquet(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))
    assert row_at(data, 0) == {"a": 1, "a (2)": 2}


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + bytes(40) + b"PAR1", b"nothing"])
def test_what_is_no_parquet_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="footer"):
        open_parquet(data)
