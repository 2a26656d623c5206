from __future__ import annotations

import gzip
import hashlib
import os
import threading
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from sqlalchemy import func, select

from casekit.confine import Worker, WorkerCrashed, WorkerFailed, WorkerHung, WorkerNotStarted
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import Provenance, ingest, queue, read_again, run
from casekit.ingest.report import FormatCount, InsideCount
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.ops import items as item_ops
from casekit.ops.items import Filed, Received
from casekit.queries import items, problems
from casekit.queries.problems import ProblemFilter
from casekit.store.case import Case, open_case
from casekit.store.tables import ingest_run, item, mail_thread, original
from tests.builders import make_item
from tests.evidence import mail, png, write_folder, write_log, write_mbox


class Steps:
    """Every step of a progress."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int | None, str]] = []

    def step(self, done: int, total: int | None, text: str) -> None:
        self.all.append((done, total, text))


def view(case: Case, item_id: int) -> items.ItemView:
    with case.read() as s:
        return items.view(s, item_id)


def kinds(case: Case) -> list[tuple[str, str]]:
    with case.read() as s:
        return [(row.kind, row.title) for row in items.rows(s, items.item_ids(s, None, order="id"))]


def test_a_folder_becomes_items_and_every_byte_is_accounted_for(case: Case, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Server 1", records=450, mails=30)
    steps = Steps()
    report = ingest(case, [folder], steps)
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    assert (report.files, report.duplicates, report.items, report.exchanges) == (10, 1, 530, 490)
    assert (report.bytes_total, report.bytes_accounted, report.cancelled) == (size, size, False)
    assert {name: (count.files, count.items) for name, count in report.formats.items()} == {
        "jsonl": (1, 450),
        "json-records": (1, 40),
        "mbox": (1, 33),
        "eml": (1, 2),
        "text": (2, 2),
        "html": (1, 1),
        "image": (1, 1),
        "unknown": (1, 1),
    }
    whole = {name for name, count in report.formats.items() if count.understood == count.size}
    assert whole == report.formats.keys() - {"jsonl", "unknown"}  # bad lines; kept and not read
    assert report.formats["unknown"].understood == 0
    kinds_told = [(p["path"], p["stage"], p["kind"], p.get("line")) for p in report.problems]
    assert kinds_told == [
        ("Server 1/api.jsonl", "parse", "bad-json", 151),
        ("Server 1/api.jsonl", "parse", "bad-json", 302),
        ("Server 1/api.jsonl", "parse", "bad-json", 453),
        ("Server 1/letters/data.bin", "sniff", "unknown-format", None),
    ]
    assert steps.all[0] == (0, size, "Server 1/answers.json")
    assert steps.all[-1] == (size, size, "")
    assert [s[0] for s in steps.all] == sorted(s[0] for s in steps.all)
    assert verify(case).damaged == []
    with case.read() as s:
        row = s.execute(select(ingest_run)).one()
    assert (row.state, orjson.loads(row.report), orjson.loads(row.sources)) == (
        "finished",
        report.as_json(),
        [str(folder)],
    )
    assert row.confinement == report.confinement


def test_the_bytes_of_every_item_are_found_by_its_pointer(case: Case, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Server 1", records=60, mails=20)
    with zipfile.ZipFile(folder / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "box.mbox", "mail/box.mbox")
        archive.writestr("a.jsonl.gz", gzip.compress((folder / "api.jsonl").read_bytes(), mtime=0))
    ingest(case, [folder])
    with case.read() as s:
        rows = s.execute(select(item.c.id, item.c.sha256, item.c.size).order_by(item.c.id)).all()
    assert len(rows) > 200
    for row in rows:
        data = raw_bytes(case, row.id)
        assert (hashlib.sha256(data).digest(), len(data)) == (row.sha256, row.size)


def test_the_same_files_again_are_further_receipts_and_no_further_items(
    case: Case, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "Server 1", records=20, mails=10)
    first = ingest(case, [folder], provenance=Provenance(custodian="Helen Marsh"))
    (tmp_path / "copy.txt").write_bytes((folder / "letters" / "terms.txt").read_bytes())
    again = ingest(
        case, [folder, tmp_path / "copy.txt"], provenance=Provenance(custodian="Tom Becker")
    )
    assert (again.files, again.duplicates, again.items, again.exchanges) == (11, 11, 0, 0)
    assert (
        again.bytes_accounted
        == again.bytes_total
        == first.bytes_total + (tmp_path / "copy.txt").stat().st_size
    )
    with case.read() as s:
        (found,) = s.execute(select(item.c.id).where(item.c.title == "copy of terms.txt")).scalars()
        receipts = items.view(s, found).receipts
    assert [(r.path, r.custodian) for r in receipts] == [
        ("Server 1/letters/copy of terms.txt", "Helen Marsh"),
        ("Server 1/letters/terms.txt", "Helen Marsh"),
        ("Server 1/letters/copy of terms.txt", "Tom Becker"),
        ("Server 1/letters/terms.txt", "Tom Becker"),
        ("copy.txt", "Tom Becker"),
    ]


def test_what_came_before_is_on_every_receipt_and_a_wrong_hash_is_a_problem(
    case: Case, tmp_path: Path
) -> None:
    for name, text in (("a.txt", "one"), ("b.txt", "two"), ("c.txt", "three"), ("d.txt", "four")):
        (tmp_path / name).write_text(text)
    supplied = {
        "a.txt": "sha256:" + hashlib.sha256(b"one").hexdigest(),
        "b.txt": "md5:" + hashlib.md5(b"two").hexdigest(),
        "c.txt": "sha1:" + "0" * 40,
    }
    known = Provenance(
        custodian="Helen Marsh",
        received_from="Marsh LLP",
        received_at="on Monday",
        medium="USB stick 3",
        collected_by="C. Ito",
        collection_tool="rsync",
        authority="order of 3 May",
        role="subject",
        model="m-7b",
        supplied=supplied,
    )
    report = ingest(
        case, [tmp_path / n for n in ("a.txt", "b.txt", "c.txt", "d.txt")], provenance=known
    )
    assert [(p["path"], p["kind"], p["text"]) for p in report.problems] == [
        (
            "c.txt",
            "supplied-hash-differs",
            "The SHA1 supplied with the file is not that of the bytes received.",
        )
    ]
    found = [view(case, number).receipts[0] for number in range(1, 5)]
    assert [(r.supplied_hash, r.supplied_match) for r in found] == [
        (supplied["a.txt"], "yes"),
        (supplied["b.txt"], "yes"),
        (supplied["c.txt"], "no"),
        ("", ""),
    ]
    r = found[0]
    said = (
        r.custodian,
        r.received_from,
        r.received_at,
        r.medium,
        r.collected_by,
        r.collection_tool,
        r.authority,
    )
    assert said == (
        "Helen Marsh",
        "Marsh LLP",
        "on Monday",
        "USB stick 3",
        "C. Ito",
        "rsync",
        "order of 3 May",
    )
    assert (r.role, r.model) == ("subject", "m-7b")


def test_outputs_without_a_model_take_the_one_that_was_named(case: Case, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(
        '{"instruction":"Why?","output":"Because."}\n{"instruction":"How?","output":"So."}\n'
    )
    ingest(case, [tmp_path / "out.jsonl"], provenance=Provenance(model="meridian-7b"))
    assert [view(case, n).exchange["model"] for n in (1, 2)] == ["meridian-7b", "meridian-7b"]


def test_mails_of_several_imports_are_put_into_threads(case: Case, tmp_path: Path) -> None:
    (tmp_path / "later.eml").write_bytes(mail(1))
    (tmp_path / "first.eml").write_bytes(mail(0))
    (tmp_path / "other.eml").write_bytes(mail(5))
    ingest(case, [tmp_path / "later.eml", tmp_path / "other.eml"])
    ingest(case, [tmp_path / "first.eml"])
    with case.read() as s:
        rows = s.execute(select(mail_thread.c.item_id, mail_thread.c.thread_id))
        threads = {row.item_id: row.thread_id for row in rows}
    assert threads[1] == threads[3] != threads[2]


def test_files_that_cannot_be_taken_stop_no_others(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "a link").symlink_to("/etc/hostname")
    os.mkfifo(folder / "b pipe")
    (folder / "c.txt").write_text("x")
    (folder / "d empty").touch()
    report = ingest(case, [folder, tmp_path / "absent"])
    assert [(p["path"], p["kind"]) for p in report.problems] == [
        ("odd/a link", "link"),
        ("odd/b pipe", "not-a-file"),
        ("odd/d empty", "empty"),
        ("absent", "unreadable"),
    ]
    assert kinds(case) == [("document", "c.txt"), ("file", "d empty")]
    with case.read() as s:
        assert sorted(p.path for p in problems.problems(s)) == [
            "absent",
            "odd/a link",
            "odd/b pipe",
            "odd/d empty",
        ]


def test_a_folder_that_holds_the_case_can_be_imported(tmp_path: Path, case: Case) -> None:
    (tmp_path / "letter.txt").write_text("x")
    report = ingest(case, [tmp_path])
    assert (report.files, [p["kind"] for p in report.problems]) == (1, ["own-case"])


class Faulty(Worker):
    """A worker whose reading of files ends in a fault after two frames."""

    fault: Exception = WorkerCrashed(-11)

    def stream(self, *arguments: Any, **options: Any) -> Any:
        for number, frame in enumerate(super().stream(*arguments, **options)):
            if number == 2:
                raise self.fault
            yield frame


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (WorkerCrashed(-11), "crashed"),
        (WorkerHung(60.0), "hung"),
        (WorkerFailed("MemoryError"), "memory"),
        (WorkerFailed("OSError"), "failed"),
        (msgspec.ValidationError("no"), "bad-answer"),
    ],
)
def test_a_fault_of_the_worker_costs_the_rest_of_one_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, kind: str
) -> None:
    monkeypatch.setattr(run, "Worker", Faulty)
    monkeypatch.setattr(Faulty, "fault", fault)
    folder = tmp_path / "s"
    folder.mkdir()
    write_log(folder / "a.jsonl", 700)
    (folder / "b.txt").write_text("x")
    report = ingest(case, [folder])
    assert [(p["path"], p["stage"], p["kind"]) for p in report.problems] == [
        ("s/a.jsonl", "worker", kind)
    ]
    assert (report.items, report.exchanges) == (401, 400)
    assert report.bytes_accounted == report.bytes_total
    with case.read() as s:
        states = s.execute(select(original.c.state, original.c.filed, original.c.format)).all()
    assert [tuple(row) for row in states] == [("failed", 400, "jsonl"), ("read", 1, "text")]
    monkeypatch.undo()
    assert ingest(case, [folder]).items == 300
    assert verify(case).damaged == []


@pytest.mark.parametrize("form", ["jsonl", "gzip"])
def test_two_imports_at_once_file_everything_once(case: Case, tmp_path: Path, form: str) -> None:
    """The second comes when the first is in the middle of the log, and overtakes it."""
    folder = tmp_path / "s"
    folder.mkdir()
    write_log(folder / "a.jsonl", 900)
    if form == "gzip":
        (folder / "a.gz").write_bytes(gzip.compress((folder / "a.jsonl").read_bytes()))
        (folder / "a.jsonl").unlink()
    write_mbox(folder / "b.mbox", 20)
    with open_case(case.folder) as other:
        reports = []

        class Overtaken(Steps):
            def step(self, done: int, total: int | None, text: str) -> None:
                super().step(done, total, text)
                if len(self.all) == 2:
                    reports.append(ingest(other, [folder]))

        mine = ingest(case, [folder], Overtaken())
    assert reports[0].items == 922
    assert (mine.items, mine.exchanges, mine.duplicates) == (0, 0, 2)
    assert mine.formats[form] == FormatCount(0, 0)
    assert all(count == InsideCount() for count in mine.inside.values())
    inside = {name: count.files for name, count in reports[0].inside.items()}
    assert inside == ({"text": 2} if form == "jsonl" else {"text": 2, "jsonl": 1})
    assert mine.bytes_accounted == mine.bytes_total
    assert len(kinds(case)) == 922
    assert verify(case).damaged == []


def test_a_cancelled_import_leaves_no_thread_and_says_so(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 1500)

    class Stop(Steps):
        def step(self, done: int, total: int | None, text: str) -> None:
            super().step(done, total, text)
            if done:  # a first batch is read
                raise Cancelled

    before = threading.active_count()
    report = ingest(case, [tmp_path / "a.jsonl"], Stop())
    assert (report.cancelled, report.items) == (True, 200)
    assert threading.active_count() == before
    with case.read() as s:
        assert s.execute(select(ingest_run.c.state)).scalar() == "cancelled"


def test_a_bug_leaves_a_run_that_failed_and_all_that_was_committed(
    case: Case, tmp_path: Path
) -> None:
    write_log(tmp_path / "a.jsonl", 1500)

    class Broken(Steps):
        def step(self, done: int, total: int | None, text: str) -> None:
            super().step(done, total, text)
            if len(self.all) == 7:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ingest(case, [tmp_path / "a.jsonl"], Broken())
    with case.read() as s:
        assert s.execute(select(ingest_run.c.state)).scalar() == "failed"
    done = len(kinds(case))
    assert ingest(case, [tmp_path / "a.jsonl"]).items == 1500 - done
    assert verify(case).damaged == []


def test_pictures_and_attachments_are_items(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail(3, attachment=png(), name="../../etc/sc:an.png"))
    ingest(case, [tmp_path / "m.eml"])
    assert kinds(case) == [("mail", "usage 1"), ("image", view(case, 2).row.title)]
    assert view(case, 2).row.parent_id == 1
    assert raw_bytes(case, 2) == png()


def test_a_case_without_space_is_a_refusal(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 300)
    with case.write() as s:
        pages = s.exec_driver_sql("PRAGMA page_count").scalar()
    assert isinstance(pages, int)
    for _ in range(4):  # of every connection in the pool
        with case._writers.connect() as s:
            s.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    with pytest.raises(CaseKitError, match="disk that holds the case is full"):
        ingest(case, [tmp_path / "a.jsonl"])


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        (WorkerNotStarted("it was ended", limited=True), "too little memory here"),
        (MemoryError(), "memory that CaseKit may use is used up"),
    ],
)
def test_too_little_memory_is_one_sentence_and_the_import_goes_on_later(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops: Exception, said: str
) -> None:
    class NotAgain(Worker):
        def stream(self, *arguments: Any, **options: Any) -> Any:
            if arguments[1] is not None and self.pid is not None and started:
                raise stops
            started.append(1)
            yield from super().stream(*arguments, **options)

    started: list[int] = []
    folder = tmp_path / "s"
    folder.mkdir()
    for name in ("a", "b", "c"):
        write_log(folder / f"{name}.jsonl", 20, seed=ord(name))
    monkeypatch.setattr(run, "Worker", NotAgain)
    with pytest.raises(CaseKitError, match=said):
        ingest(case, [folder])
    monkeypatch.undo()
    report = ingest(case, [folder])
    with case.read() as s:
        assert list(s.execute(select(original.c.state)).scalars()) == ["read"] * 3
        assert s.execute(select(func.count()).select_from(item)).scalar() == 60
    assert report.problems == []
    assert verify(case).damaged == []


# -- once more, from the vault ---------------------------------------------------------------------


def again(case: Case, progress: Any = None, **wanted: Any) -> Any:
    with case.read() as s:
        originals = problems.unread(s, ProblemFilter(**wanted))
    return read_again(case, originals, progress)


def open_problems(case: Case) -> list[tuple[str, str, str]]:
    with case.read() as s:
        return [(p.path, p.stage, p.kind) for p in problems.problems(s)]


def kept_unread(case: Case, source: Path) -> bytes:
    """A file of which an earlier version kept the bytes and read nothing."""
    deposit = case.vault.deposit(source)
    (head,) = [make_item(source.name, "file", sha256=deposit.sha256, size=deposit.size)]
    item_ops.digest_family(head, deposit.sha256)
    with case.write() as s:
        run_id = item_ops.start_run(s, "[]", "none")
        received = Received(deposit.sha256, deposit.size, "", {"path": source.name})
        item_ops.file_batch(
            s, run_id, [received], [Filed(deposit.sha256, "unknown", "read", [head])]
        )
        item_ops.finish_run(s, run_id, "finished", "{}")
    return deposit.sha256


def test_a_reading_that_broke_off_goes_on_from_the_vault(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "Worker", Faulty)
    write_log(tmp_path / "a.jsonl", 700)
    assert ingest(case, [tmp_path / "a.jsonl"]).items == 400
    monkeypatch.undo()
    (tmp_path / "a.jsonl").unlink()
    assert open_problems(case) == [("a.jsonl", "worker", "crashed")]
    report = again(case, stage="worker")
    assert (report.files, report.items, report.bytes_accounted) == (1, 300, report.bytes_total)
    assert open_problems(case) == []
    with case.read() as s:
        sources = s.execute(select(ingest_run.c.sources).order_by(ingest_run.c.id)).scalars().all()
        assert len(items.item_ids(s, None)) == 700
    assert orjson.loads(sources[-1]) == [run.FROM_VAULT]
    assert again(case).files == 0
    assert verify(case).damaged == []


def test_what_was_only_kept_is_read_beside_what_is_there(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 700)
    kept_unread(case, tmp_path / "a.jsonl")
    report = again(case)
    assert (report.items, report.exchanges, report.formats["jsonl"].items) == (700, 700, 700)
    with case.read() as s:
        rows = items.rows(s, items.item_ids(s, None, order="id"))
        known = s.execute(select(original.c.state, original.c.filed, original.c.format)).one()
    assert [row.kind for row in rows] == ["file"] + ["exchange"] * 700
    assert tuple(known) == ("read", 701, "jsonl")
    assert again(case).items == 0  # it is asked for again, and gives nothing new
    assert ingest(case, [tmp_path / "a.jsonl"]).duplicates == 1
    assert verify(case).damaged == []


def test_reading_a_whole_file_again_changes_nothing_and_says_its_problems_once(
    case: Case, tmp_path: Path
) -> None:
    write_log(tmp_path / "a.jsonl", 20)
    with (tmp_path / "a.jsonl").open("ab") as f:
        f.write(b'{"cut": \n')
    ingest(case, [tmp_path / "a.jsonl"])
    before = kinds(case)
    found = open_problems(case)
    report = again(case, stage=found[0][1])
    assert (report.files, report.items, len(report.problems)) == (1, 0, len(found))
    assert (kinds(case), open_problems(case)) == (before, found)
    with case.read() as s:
        assert problems.count(s, ProblemFilter(settled=True)) == 2 * len(found)
    assert verify(case).damaged == []


def test_a_stop_in_the_middle_of_it_doubles_nothing(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ROWS_A_BATCH", 100)
    monkeypatch.setattr(queue, "MOST_ROWS", 100)

    class Stops(Steps):
        def step(self, done: int, total: int | None, text: str) -> None:
            super().step(done, total, text)
            if done:
                raise Cancelled

    write_log(tmp_path / "a.jsonl", 900)
    kept_unread(case, tmp_path / "a.jsonl")
    stopped = again(case, Stops())
    assert stopped.cancelled
    assert 0 < stopped.items < 900
    assert verify(case).damaged == []
    assert stopped.items + again(case).items == 900
    assert len(kinds(case)) == 901
    assert verify(case).damaged == []


def test_a_fault_in_it_leaves_the_original_read(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(tmp_path / "a.jsonl", 700)
    kept_unread(case, tmp_path / "a.jsonl")
    monkeypatch.setattr(run, "Worker", Faulty)
    assert again(case).items == 400
    monkeypatch.undo()
    with case.read() as s:
        known = s.execute(select(original.c.state, original.c.filed)).one()
    assert tuple(known) == ("read", 401)
    assert open_problems(case) == [("a.jsonl", "read-again", "crashed")]
    assert again(case, kind="crashed").items == 300
    assert open_problems(case) == []
