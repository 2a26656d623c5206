from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from casekit.errors import Cancelled
from casekit.ingest import ingest, read_again
from casekit.queries.problems import ProblemFilter, unread
from casekit.store import growing, sidecar
from casekit.store.case import Case
from tests.evidence import mail, write_log
from tests.store.test_growing import made_again, names


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "PART_ITEMS", 700)
    monkeypatch.setattr(sidecar, "FETCHED", 300)
    monkeypatch.setattr(growing, "HELD_ROWS", 250)


def answers(count: int) -> dict[str, object]:
    """A record that becomes a family: a question with several answers."""
    choices = [
        {"index": n, "message": {"role": "assistant", "content": f"{n}"}} for n in range(count)
    ]
    return {"id": "x", "object": "chat.completion", "model": "m-2", "choices": choices}


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    write_log(made / "a.jsonl", 900)
    (made / "b.eml").write_bytes(mail(1))
    (made / "c.jsonl").write_text("".join(json.dumps(answers(n)) + "\n" for n in (1, 3, 2)))
    write_log(made / "d.jsonl", 800, seed=8, torn_every=50)
    return made


def test_an_import_makes_the_tables_of_what_it_files(case: Case, tmp_path: Path) -> None:
    report = ingest(case, [folder(tmp_path)], tables_from=1)
    found = names(case)
    assert len(found) == 3
    assert sum(pq.read_metadata(case.derived_file(f"exchanges/{name}")).num_rows for name in found) == (
        report.exchanges
    )  # fmt: skip
    assert sidecar.update(case) == 0
    assert found == made_again(case)


def test_a_small_import_leaves_them_for_later(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 900)
    ingest(case, [tmp_path / "a.jsonl"], tables_from=10_000_000)
    ingest(case, [tmp_path / "a.jsonl"])
    assert names(case) == []


class Stop:
    """Cancels once so many bytes are done."""

    def __init__(self, bytes_done: int) -> None:
        self.at = bytes_done

    def step(self, done: int, total: int | None, text: str) -> None:
        if done >= self.at:
            raise Cancelled


def test_after_a_stop_the_same_import_goes_on(case: Case, tmp_path: Path) -> None:
    place = folder(tmp_path)
    assert ingest(case, [place], Stop(1_000_000), tables_from=1).cancelled
    assert not [name for name in names(case) if name.endswith(".tmp")]
    assert not ingest(case, [place], tables_from=1).cancelled
    sidecar.update(case)
    assert names(case) == made_again(case)


def test_what_is_read_again_is_left_to_the_update(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"prompt": "p", "output": "o"}) + "\n{torn\n")
    ingest(case, [tmp_path / "a.jsonl"], tables_from=1)
    with case.read(whole=True) as s:
        originals = unread(s, ProblemFilter())
    read_again(case, originals)
    assert names(case) == made_again(case)
