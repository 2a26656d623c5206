from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.ingest import reading
from casekit.ingest.parsed import Books, Parsed, Step, sha256
from tests import fuzz
from tests.evidence import write_log


def reads(monkeypatch: pytest.MonkeyPatch, *found: object) -> None:
    """Let every file hold this."""
    monkeypatch.setattr(reading, "_read", lambda *_: iter(found))


def item(data: bytes, *steps: Step) -> Parsed:
    return Parsed("file", "other", "f", steps, sha256(data), len(data))


def test_what_is_read_rightly_is_no_finding(tmp_path: Path) -> None:
    data = write_log(tmp_path / "log.jsonl", 5).read_bytes()
    assert list(fuzz.faults(data, "log.jsonl")) == []


def test_each_kind_of_fault_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Iterator[object]:
        raise LookupError
        yield

    monkeypatch.setattr(reading, "_read", fails)
    assert "LookupError" in "".join(fuzz.faults(b"text", "f"))
    reads(monkeypatch, item(b"text"), Books(3))
    assert "The bytes do not add up." in list(fuzz.faults(b"text", "f"))
    reads(monkeypatch, item(b"other"), Books(4))
    assert list(fuzz.faults(b"text", "f")) == ["pointer of file: other bytes"]
    reads(monkeypatch, item(b"t", Step("slice", offset=9, length=1)), Books(4))
    assert "pointer of file" in "".join(fuzz.faults(b"text", "f"))


def test_a_process_that_ends_costs_its_input_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faults(data: bytes, name: str) -> Iterator[str]:
        if ended.exists():
            return iter(())
        ended.touch()
        os._exit(3)

    ended = tmp_path / "ended"
    (tmp_path / "a.txt").write_text("text")
    monkeypatch.setattr(fuzz, "faults", faults)
    tried, found = fuzz.campaign([tmp_path / "a.txt"], 1, 0.5)
    ((number, fault),) = found
    assert number == 0
    assert fault.startswith("ended the process with status")
    assert tried > 1


def test_an_input_follows_from_seed_and_number(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"what {name} says " * 9)
    paths = fuzz.seeds([tmp_path], random.Random(1))
    made = [fuzz.attempt(paths, 1, n) for n in range(20)]
    assert made == [fuzz.attempt(paths, 1, n) for n in range(20)]
    assert len({data for data, _ in made}) > 10
