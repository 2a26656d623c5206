from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.ingest import reading
from casekit.ingest.parsed import Books, Parsed, Step, sha256
from tests import fuzz, fuzz_samples
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
    def faults(data: bytes, name: str, met: set[str]) -> Iterator[str]:
        if ended.exists():
            return iter(())
        ended.touch()
        os._exit(3)

    ended = tmp_path / "ended"
    (tmp_path / "a.txt").write_text("text")
    monkeypatch.setattr(fuzz, "faults", faults)
    tried, found, _ = fuzz.campaign({"text": [tmp_path / "a.txt"]}, 1, math.inf, most=5)
    ((number, fault),) = found
    assert number == 0
    assert fault.startswith("ended the process with status")
    assert tried == 5


def test_an_input_follows_from_seed_and_number(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"what {name} says " * 9)
    write_log(tmp_path / "log.jsonl", 2)
    paths = fuzz.seeds([tmp_path], random.Random(1))
    assert {form: len(held) for form, held in paths.items()} == {"jsonl": 1, "text": 2}
    made = [fuzz.attempt(paths, 1, n) for n in range(20)]
    assert made == [fuzz.attempt(paths, 1, n) for n in range(20)]
    assert len({data for data, _ in made}) > 10
    assert {path.name for _, path in made} == {"a.txt", "b.txt", "log.jsonl"}


def test_a_campaign_says_how_often_each_format_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzz_samples.write(tmp_path)
    kinds = fuzz.seeds([tmp_path], random.Random(1))
    held = {form: kinds[form] for form in ("zip", "opticon")}
    tried, found, read_in = fuzz.campaign(held, 1, math.inf, most=20)
    fuzz.tell(held, 1, tried, found, read_in, None)
    assert read_in["zip"]
    assert read_in["opticon"]
    said = capsys.readouterr().out
    assert f"{tried:,} inputs tried" in said
    assert f"opticon {read_in['opticon']:,}" in said
    assert "wacz 0" in said


def test_samples_stand_in_for_what_few_folders_hold(tmp_path: Path) -> None:
    scarce = {
        "event-stream", "parquet", "vcf", "irc-log", "load-file", "opticon", "svg", "wacz", "xz", "csv",
    }  # fmt: skip
    assert not scarce & fuzz_samples.missing(fuzz_samples.write(tmp_path))


def test_no_sample_has_a_fault(tmp_path: Path) -> None:
    for path in fuzz_samples.write(tmp_path):
        assert list(fuzz.faults(path.read_bytes(), path.name)) == [], path.name
