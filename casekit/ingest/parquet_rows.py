"""Rows out of a Parquet file, a few at a time, with values that JSON can write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from casekit.ingest.containers import Data
from casekit.ingest.rows import Row, number_of, text_of, unlike

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH = 64
"""Rows that are in memory together."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

Plain = Callable[[Any], Any]


def open_parquet(untrusted_data: Data) -> pq.ParquetFile:
    """The file, its columns not yet read.

    Raises:
        ValueError: It is no Parquet file, is damaged or encrypted.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source = pa.BufferReader(pa.py_buffer(untrusted_data))
        return pq.ParquetFile(source, pre_buffer=False, buffer_size=1024 * 1024)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ValueError("the file's footer cannot be read") from error


def group_rows(file: pq.ParquetFile, group: int, first: int = 0) -> Iterator[Row]:
    """The rows of one row group, from its row `first` on.

    Raises:
        ValueError: It is damaged.
    """
    import pyarrow as pa

    schema = file.schema_arrow
    names = unlike(schema.names)
    stored = [_stored(field.type) for field in schema]
    plain = [_plain(field.type) for field in schema]
    try:
        for batch in file.iter_batches(_BATCH, row_groups=[group], use_threads=False):
            if first >= len(batch):
                first -= len(batch)
                continue
            batch, first = batch.slice(first), 0
            columns = []
            for column, kind, make in zip(batch.columns, stored, plain, strict=True):
                values = (column if column.type == kind else column.cast(kind)).to_pylist()
                columns.append(values if make is None else [_of(make, each) for each in values])
            for values in zip(*columns, strict=True):
                yield dict(zip(names, values, strict=True))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise ValueError("the row group cannot be read") from error


def row_at(untrusted_data: Data, number: int) -> Row:
    """The row with a number, counted from 0 through all row groups.

    Raises:
        ValueError: There is none.
    """
    file = open_parquet(untrusted_data)
    before = 0
    for group in range(file.metadata.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        if number < before + count:
            for row in group_rows(file, group, number - before):
                return row
        before += count
    raise ValueError("there is no such row")


def _of(make: Plain, value: Any) -> Any:
    return None if value is None else make(value)


def _stored(kind: pa.DataType) -> pa.DataType:
    """The type to read a column as: times as the whole numbers they are stored in, so that none is rounded."""
    import pyarrow as pa

    types = pa.types
    if types.is_timestamp(kind) or types.is_date64(kind) or types.is_time64(kind):
        return pa.int64()
    if types.is_duration(kind):
        return pa.int64()
    if types.is_date32(kind) or types.is_time32(kind):
        return pa.int32()
    if types.is_dictionary(kind):
        return _stored(kind.value_type)
    if types.is_struct(kind):
        return pa.struct([pa.field(f.name, _stored(f.type), f.nullable) for f in kind])
    if types.is_map(kind):
        return pa.map_(_stored(kind.key_type), _stored(kind.item_type))
    if types.is_fixed_size_list(kind):
        return pa.list_(_stored(kind.value_type), kind.list_size)
    if types.is_large_list(kind):
        return pa.large_list(_stored(kind.value_type))
    if types.is_list(kind):
        return pa.list_(_stored(kind.value_type))
    return kind


def _plain(kind: pa.DataType) -> Plain | None:
    """What makes a value of a type one for JSON; None where it is one already."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return _plain(kind.value_type)
    if types.is_struct(kind):
        return _plain_struct(kind)
    if types.is_map(kind):
        key, item = _plain(kind.key_type) or _same, _plain(kind.item_type) or _same
        return lambda pairs: [{"key": _of(key, k), "value": _of(item, v)} for k, v in pairs]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner = _plain(kind.value_type)
        return None if inner is None else lambda values: [_of(inner, each) for each in values]
    if types.is_floating(kind):
        return number_of
    if types.is_timestamp(kind):
        mark, unit = "Z" if kind.tz else "", kind.unit
        return lambda value: _moment(value, _UNITS[unit], mark)
    if types.is_date32(kind):
        return lambda days: _moment(days * 86_400, 1, "")[:10]
    if types.is_date64(kind):
        return lambda ms: _moment(ms, 1000, "")[:10]
    if types.is_time(kind):
        unit = kind.unit
        return lambda value: _moment(value, _UNITS[unit], "")[11:]
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_null(kind):
        return None
    if types.is_string(kind) or types.is_large_string(kind):
        return None
    return lambda value: text_of(value) if isinstance(value, bytes) else _written(value)


def _plain_struct(kind: pa.StructType) -> Plain | None:
    fields = {field.name: _plain(field.type) for field in kind}
    if not any(fields.values()):
        return None
    return lambda row: {
        k: v if (make := fields[k]) is None else _of(make, v) for k, v in row.items()
    }


def _same(value: Any) -> Any:
    return value


def _written(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _moment(value: int, unit: int, mark: str) -> str:
    """ISO 8601, in UTC where a zone is known, with the digits that its unit has; beyond 9999 the number."""
    seconds, rest = divmod(value, unit)
    try:
        text = (_EPOCH + dt.timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
    except OverflowError:
        return f"{value}/{unit} s since 1970{mark}"
    digits = len(str(unit)) - 1
    return f"{text}.{rest:0{digits}d}{mark}" if digits else text + mark
