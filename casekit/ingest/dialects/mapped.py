"""Plain records: their columns mapped to an exchange by what the user said, or by their common names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from casekit.ingest.dialects.api_logs import RULES
from casekit.ingest.dialects.bodies import OUTPUT_NAMES
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Exchange
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

TEXTS = ("system", "prompt", "output", "reasoning")
"""Targets that are texts of the item rather than fields of the exchange."""

PROMPT_NAMES = ("prompt", "question", "instruction", "input", "query", "user_prompt", "problem")
MODEL_NAMES = ("model", "generator", "model_id", "model_name")
BESIDE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("system", ("system", "system_prompt")),
    ("reasoning", ("reasoning", "reasoning_content", "thinking", "thought", "reasoning_trace")),
)
"""Targets that a guess fills where their names are there too."""

_KINDS: dict[str, type] = {
    **dict.fromkeys(("asn", "status", "seed", "max_tokens", "input_tokens", "output_tokens"), int),
    "latency_ms": int,
    **dict.fromkeys(("temperature", "top_p"), float),
}
_MADE = frozenset({"prompt_sha256", "completeness", "extra", "messages", "parameters"})
_TARGETS = frozenset({*TEXTS, "time", *(set(Exchange.__struct_fields__) - _MADE)})


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where each field of an exchange stands in a record.

    Attributes:
        paths: (target, path) pairs; a path is the keys to follow, the first a column.
        constants: (target, value) pairs that hold for every record.
    """

    paths: tuple[tuple[str, tuple[str, ...]], ...]
    constants: tuple[tuple[str, Any], ...] = ()


def mapping_from(text: str) -> Mapping | None:
    """The mapping of a context, `{"prompt": "column or dotted.path", "model": {"const": "x"}, …}`.

    Returns:
        None if it is no such JSON, names an unknown field or neither prompt nor output.
    """
    try:
        given = json.loads(text)
    except ValueError:
        return None
    if not isinstance(given, dict) or not given.keys() <= _TARGETS:
        return None
    paths, constants = [], []
    for target, place in given.items():
        if isinstance(place, str):
            paths.append((target, (place,)))
        elif isinstance(place, dict) and place.keys() == {"const"}:
            constants.append((target, place["const"]))
        else:
            return None
    if not {"prompt", "output"} & {target for target, _ in paths}:
        return None
    return Mapping(tuple(paths), tuple(constants))


def fits(mapping: Mapping, record: Record) -> bool:
    """Whether the record has a text where the mapping looks for prompt or output."""
    return any(
        _look_up(record, path)[0] not in (None, "")
        for target, path in mapping.paths
        if target in ("prompt", "output")
    )


def read_mapped(mapping: Mapping, record: Record, draft: Draft) -> None:
    """Fill a draft by a mapping; every column that it does not use goes to `extra`."""
    rest = dict(record)
    for target, value in mapping.constants:
        _fill(target, value, "const", draft)
    for target, path in mapping.paths:
        value, column = _look_up(record, path)
        placed = value is None or _fill(target, value, ".".join(path), draft)
        if placed and column is not None and value is record.get(column):
            rest.pop(column, None)
    for key, value in rest.items():
        draft.put_extra(key, value)


def guess(record: Record) -> Mapping | None:
    """A mapping by common column names, whatever their case, or None if prompt or output is not there."""
    columns = {key.strip().lower(): key for key in reversed(record)}
    paths = []
    for target, names in (("prompt", PROMPT_NAMES), ("output", OUTPUT_NAMES)):
        found = next(
            (columns[n] for n in names if n in columns and _text(record[columns[n]])), None
        )
        if found is None:
            return None
        paths.append((target, (found,)))
    for target, beside in BESIDE:
        found = next(
            (columns[n] for n in beside if n in columns and _text(record[columns[n]])), None
        )
        if found is not None:
            paths.append((target, (found,)))
    used = {path[0] for _, path in paths}
    model = next((columns[n] for n in MODEL_NAMES if n in columns), None)
    taken = {"prompt", "output"}
    if model is not None:
        paths.append(("model", (model,)))
        taken.add("model")
    for name, column in columns.items():
        if column in used or name not in RULES:
            continue
        rule = RULES[name]
        target = "time" if rule is None else rule[0]
        if target not in taken:
            taken.add(target)
            paths.append((target, (column,)))
    return Mapping(tuple(paths))


def _text(value: Any) -> bool:
    return type(value) is str


def _look_up(record: Record, path: tuple[str, ...]) -> tuple[Any, str | None]:
    """The value at a path, and the column it stands in; a column's name may itself hold dots."""
    place = path[0]
    if place in record:
        return record[place], place
    keys = place.split(".")
    value: Any = record
    for key in keys:
        if type(value) is dict and key in value:
            value = value[key]
        elif type(value) is list and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None, None
    return value, keys[0]


def _fill(target: str, value: Any, field: str, draft: Draft) -> bool:
    """Put a value where it belongs; tells whether it fitted."""
    if target in TEXTS:
        setattr(draft, target, value if type(value) is str else encode(value))
        return True
    if target == "time":
        draft.when = read_time(value, field, draft.raw)
        return draft.when is not None
    kind = _KINDS.get(target, str)
    if kind is float and type(value) is str:
        value = _number(value)
    return value == "" or draft.put(target, kind, value)


def _number(text: str) -> float | str:
    try:
        found = float(text)
    except ValueError:
        return text
    return found if abs(found) < 1e300 else text
