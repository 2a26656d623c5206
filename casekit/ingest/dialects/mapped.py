r"""Plain records: their columns mapped to an exchange by what the user said, or by their common names.

A mapping is JSON, one key a field of the exchange (or `system`, `prompt`, `output`, `reasoning`, `time`):

    {"prompt": "question",                                    a column, or a dotted path into the record
     "output": {"join": ["title", "body"], "with": "\n\n"},     several columns, one after the other
     "model": {"const": "acme-1"},                            the same for every record
     "time": {"column": "when", "zone": "Asia/Shanghai", "format": "%d.%m.%Y %H:%M"}}
"""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Mapping as Given
from dataclasses import dataclass
from typing import Any

from casekit.clock import to_us
from casekit.ingest.dialects.api_logs import RULES
from casekit.ingest.dialects.bodies import OUTPUT_NAMES
from casekit.ingest.dialects.draft import KINDS, Draft
from casekit.ingest.dialects.parameters import DECODING
from casekit.ingest.dialects.times import UTC_ASSUMED, read_time
from casekit.ingest.parsed import Exchange, When
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

TEXTS = ("system", "prompt", "output", "reasoning")
"""Targets that are texts of the item rather than fields of the exchange."""

PROMPT_NAMES = ("prompt", "question", "instruction", "input", "query", "user_prompt", "problem")
MODEL_NAMES = ("model", "generator", "model_id", "model_name")
BESIDE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("system", ("system", "system_prompt")),
    (
        "reasoning",
        (
            "reasoning",
            "reasoning_content",
            "thinking",
            "thought",
            "reasoning_trace",
            "complex_cot",
            "chain_of_thought",
            "cot",
            "rationale",
        ),
    ),
)
"""Targets that a guess fills where their names are there too."""

_MADE = frozenset({"prompt_sha256", "completeness", "extra", "messages", "parameters", "joint"})
TARGETS = (*TEXTS, "time", *(name for name in Exchange.__struct_fields__ if name not in _MADE))
"""What a mapping may fill, in order."""

_RESOLUTIONS = (("%f", 1), ("%S", 1_000_000), ("%M", 60_000_000), ("%H", 3_600_000_000))
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where each field of an exchange stands in a record.

    Attributes:
        paths: (target, path) pairs; a path is the keys to follow, the first a column.
        constants: (target, value) pairs that hold for every record.
        joins: (target, columns or dotted paths, what is put between their texts).
        zone: IANA name of the time zone in which times without one are read; empty: UTC.
        form: How times are written, as `strptime` takes it; empty: any form that is known.
    """

    paths: tuple[tuple[str, tuple[str, ...]], ...]
    constants: tuple[tuple[str, Any], ...] = ()
    joins: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    zone: str = ""
    form: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns and dotted paths that it reads."""
        joined = [path for _, paths, _ in self.joins for path in paths]
        return (*(path[0] for _, path in self.paths), *joined)


def mapping_from(text: str) -> Mapping | None:
    """The mapping that a JSON text writes down; its form is in this module's docstring.

    Returns:
        None if it is no such JSON, names an unknown field or zone, or neither prompt nor output.
    """
    try:
        given = json.loads(text)
    except ValueError:
        return None
    if not isinstance(given, dict) or not given.keys() <= set(TARGETS):
        return None
    paths: list[tuple[str, tuple[str, ...]]] = []
    constants: list[tuple[str, Any]] = []
    joins: list[tuple[str, tuple[str, ...], str]] = []
    zone = form = ""
    for target, place in given.items():
        if isinstance(place, str):
            paths.append((target, (place,)))
        elif not isinstance(place, dict):
            return None
        elif place.keys() == {"const"}:
            constants.append((target, place["const"]))
        elif target == "time" and _is_time(place):
            zone, form = place.get("zone", ""), place.get("format", "")
            paths.append((target, (place["column"],)))
        elif _is_join(place):
            joins.append((target, tuple(place["join"]), place.get("with", "\n")))
        else:
            return None
    if not {"prompt", "output"} & {target for target, *_ in (*paths, *joins)}:
        return None
    return Mapping(tuple(paths), tuple(constants), tuple(joins), zone, form)


def _is_join(place: Given[str, Any]) -> bool:
    several = place.get("join")
    return (
        place.keys() <= {"join", "with"}
        and isinstance(several, list)
        and bool(several)
        and all(isinstance(each, str) for each in [*several, place.get("with", "")])
    )


def _is_time(place: Given[str, Any]) -> bool:
    if "column" not in place or not place.keys() <= {"column", "zone", "format"}:
        return False
    if not all(isinstance(each, str) for each in place.values()):
        return False
    return not place.get("zone") or _zone(place["zone"]) is not None


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def fits(mapping: Mapping, record: Record) -> bool:
    """Whether the record has a text where the mapping looks for prompt or output."""
    return any(
        _look_up(record, path)[0] not in (None, "")
        for target, path in (
            *mapping.paths,
            *((target, (each,)) for target, several, _ in mapping.joins for each in several),
        )
        if target in ("prompt", "output")
    )


def read_mapped(mapping: Mapping, record: Record, draft: Draft) -> None:
    """Fill a draft by a mapping; every column that it does not use goes to `extra`."""
    rest = dict(record)
    for target, value in mapping.constants:
        _fill(target, value, "const", draft)
    for target, path in mapping.paths:
        value, column = _look_up(record, path)
        if target == "time":
            draft.when = _time(mapping, value, path[0], draft.raw)
            placed = draft.when is not None
        else:
            placed = value is None or _fill(target, value, ".".join(path), draft)
        if placed and column is not None and value is record.get(column):
            rest.pop(column, None)
    for target, several, between in mapping.joins:
        found = [_look_up(record, (path,)) for path in several]
        texts = [v if type(v) is str else encode(v) for v, _ in found if v not in (None, "")]
        if texts and _fill(target, between.join(texts), "join", draft):
            for value, column in found:
                if column is not None and value is record.get(column):
                    rest.pop(column, None)
    for key, value in rest.items():
        draft.put_extra(key, value)


def _time(mapping: Mapping, value: Any, column: str, raw: bytes) -> When | None:
    """The instant in a column; one without a zone is read in the mapping's zone, and says so."""
    zone = _zone(mapping.zone) if mapping.zone else None
    rule = f"assumed:the mapping says {mapping.zone}" if zone else UTC_ASSUMED
    if not mapping.form:
        found = read_time(value, column, raw)
        if found is None or zone is None or found.zone != UTC_ASSUMED:
            return found
        naive = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=found.us)  # noqa: DTZ001
        return When(to_us(naive.replace(tzinfo=zone)), found.raw, column, rule, found.resolution_us)
    if type(value) is not str:
        return None
    try:
        moment = dt.datetime.strptime(value.strip(), mapping.form)  # noqa: DTZ007
        stated = moment.tzinfo is not None
        us = to_us(moment if stated else moment.replace(tzinfo=zone or dt.UTC))
    except (ValueError, OverflowError):
        return None
    step = next((us for mark, us in _RESOLUTIONS if mark in mapping.form), _DAY)
    return When(us, value, column, "explicit" if stated else rule, step)


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
        if found is not None and record[found].strip().lower() not in _SWITCHES:
            paths.append((target, (found,)))
    used = {path[0] for _, path in paths}
    model = next((columns[n] for n in MODEL_NAMES if n in columns), None)
    taken = {"prompt", "output"}
    if model is not None:
        paths.append(("model", (model,)))
        taken.add("model")
    for name, column in columns.items():
        rules: Given[str, tuple[str, type] | None] = RULES if name in RULES else DECODING
        if column in used or name not in rules:
            continue
        rule = rules[name]
        target = "time" if rule is None else rule[0]
        if target not in taken:
            taken.add(target)
            paths.append((target, (column,)))
    return Mapping(tuple(paths))


_SWITCHES = ("on", "off", "true", "false", "yes", "no")
"""What such a column says where it tells whether the model was to reason, and not what it thought."""


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
    if target == "time":  # a constant
        draft.when = read_time(value, field, draft.raw)
        return draft.when is not None
    kind = KINDS.get(target, str)
    if kind is float and type(value) is str:
        value = _number(value)
    return value == "" or draft.put(target, kind, value)


def _number(text: str) -> float | str:
    try:
        found = float(text)
    except ValueError:
        return text
    return found if abs(found) < 1e300 else text
