from __future__ import annotations

import json

import pytest

from casekit.ingest.kept_kinds import _KINDS, kind_of
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.reading import format_of, read_any


@pytest.mark.parametrize(("offset", "mark", "name"), _KINDS)
def test_every_mark_is_reached(offset: int, mark: bytes, name: str) -> None:
    head = bytes(offset) if name != "a model's weights (safetensors)" else (9).to_bytes(8, "little")
    assert kind_of(head + mark + bytes(64)) == name


def test_weights_are_known_by_the_length_of_their_header() -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    data = len(header).to_bytes(8, "little") + header + bytes(4)
    assert kind_of(data) == "a model's weights (safetensors)"
    assert kind_of(data[:60]) == ""
    assert kind_of((10**9).to_bytes(8, "little") + header) == ""


@pytest.mark.parametrize(
    "data", [b"", b"MZ is how this letter begins", b"\x00\x01\x02\x03", b"Rar!"]
)
def test_what_is_not_known_has_no_name(data: bytes) -> None:
    assert kind_of(data) == ""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"Rar!\x1a\x07\x01\x00" + bytes(200), "a RAR archive"),
        (bytes(32769) + b"CD001" + bytes(2000), "an image of a disc (ISO 9660)"),
        (b"MSCF\0\0\0\0" + bytes(60), "a Cabinet archive (CAB)"),
        (b"GGUF\x03\0\0\0" + bytes(60), "a language model's weights (GGUF)"),
    ],
)
def test_the_problem_of_a_kept_file_names_it(data: bytes, name: str) -> None:
    form = format_of(data, "x.bin")
    assert form == "unknown"
    (item,) = [e for e in read_any(data, Context(name="x.bin"), form) if isinstance(e, Parsed)]
    assert item.kind == "file"
    (problem,) = item.problems
    assert (problem.kind, problem.text) == (
        "unknown-format",
        f"This is {name}: CaseKit keeps the file but cannot read it.",
    )
