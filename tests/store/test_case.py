import json
import multiprocessing
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from casekit.errors import CaseKitError, CaseTooNew, NotACase
from casekit.ops import notes, tags
from casekit.queries import facets, matter
from casekit.store import case as cases
from casekit.store import migrate
from casekit.store.case import Case, create_case, open_case
from tests.builders import file_items, make_item
from tests.waiting import MOST_SECONDS


def test_a_new_case_is_a_small_clear_folder(case: Case) -> None:
    assert sorted(p.name for p in case.folder.iterdir() if not p.name.startswith("case.db-")) == [
        "case.db",
        "case.json",
        "derived",
        "index",
        "vault",
        "waiting",
    ]
    assert json.loads((case.folder / "case.json").read_text()) == {
        "case": case.uuid,
        "format": 1,
        "key_slots": [],
    }
    assert (case.folder.name, case.name, case.head()) == ("Test.casekit", "Test", 1)
    with case.read() as s:
        assert matter.get(s).name == "Aurora v. Meridian"


@pytest.mark.parametrize("name", ["with space", "合同", "é" * 60, "CON", "a.b.c", "x" * 200])
def test_a_case_may_have_any_name(tmp_path: Path, name: str) -> None:
    with create_case(tmp_path / name, "M") as made:
        assert made.name == name
    with open_case(tmp_path / name) as opened:
        assert opened.folder == tmp_path / f"{name}.casekit"


def test_a_taken_name_is_refused_and_nothing_is_left(case: Case) -> None:
    with pytest.raises(CaseKitError, match="already there"):
        create_case(case.folder, "Another")
    assert [p.name for p in case.folder.parent.iterdir()] == ["Test.casekit"]


def test_what_is_no_case_is_refused(tmp_path: Path, case: Case) -> None:
    with pytest.raises(NotACase):
        open_case(tmp_path / "nothing")
    about = case.folder / "case.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "format": 2}))
    with pytest.raises(CaseTooNew):
        open_case(case.folder)
    about.write_text("{")
    with pytest.raises(NotACase):
        open_case(case.folder)


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    with create_case(tmp_path / "c", "M") as made:
        database = made.folder / "case.db"
    database.write_bytes(b"not a database" * 1000)
    with pytest.raises(NotACase, match="damaged"):
        open_case(tmp_path / "c")


def test_a_failing_write_leaves_nothing(case: Case) -> None:
    with pytest.raises(ZeroDivisionError), case.write() as s:
        tags.make_tag(s, "issue/terms")
        raise ZeroDivisionError
    with case.read() as s:
        assert facets.tags(s) == []
    assert case.head() == 1


def test_a_reader_keeps_its_snapshot_while_another_writes(case: Case) -> None:
    with case.read() as before:
        assert facets.tags(before) == []
        with case.write() as s:
            tags.make_tag(s, "hot")
        assert facets.tags(before) == []
    with case.read() as after:
        assert [t.name for t in facets.tags(after)] == ["hot"]


def test_evidence_rows_cannot_be_changed(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    for statement in (
        "UPDATE item SET title='x'",
        "DELETE FROM custody",
        "UPDATE item_text SET text=''",
    ):
        with pytest.raises(DBAPIError, match="append-only"), case.write() as s:
            s.exec_driver_sql(statement)


def _write_notes(folder: Path, item_id: int) -> None:
    with open_case(folder) as case:
        for number in range(20):
            with case.write() as s:
                notes.add_note(s, item_id, f"note {number}")


def test_several_processes_write_at_once(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    before = case.head()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_notes, args=(case.folder, 1)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [w.exitcode for w in writers] == [0, 0, 0]
    assert case.head() == before + 60


def test_what_the_log_holds_is_brought_into_the_database(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"item {n}") for n in range(2000)], tmp_path)
    database = case.folder / "case.db"
    before = database.stat().st_size
    with case.read() as s:  # a reader keeps what is newer than its snapshot out, and nobody waits
        s.execute(select(1)).scalar()
        case.checkpoint()
    with case.write():  # and whoever writes is not waited for
        case.checkpoint()
    assert database.stat().st_size > before + 400_000
    shutil.copy(database, tmp_path / "alone.db")
    with migrate.connect(tmp_path / "alone.db") as s:
        assert s.exec_driver_sql("SELECT count(*) FROM item").scalar() == 2000


def test_a_log_that_cannot_be_emptied_keeps_what_was_committed(case: Case, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    file_items(case, [make_item(f"item {n}") for n in range(2000)], tmp_path)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (case.folder / "case.db").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))  # the database cannot grow
    try:
        with pytest.raises(DBAPIError, match="disk I/O error"):
            case.checkpoint()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    with case.read() as s:
        assert s.exec_driver_sql("SELECT count(*) FROM item").scalar() == 2000
    case.checkpoint()


def test_background_work_gives_way_to_an_interactive_act(case: Case) -> None:
    order: list[str] = []
    inside, go_on = threading.Event(), threading.Event()

    def interactive() -> None:
        with case.write():
            inside.set()
            assert go_on.wait(MOST_SECONDS)
            order.append("interactive")

    thread = threading.Thread(target=interactive)
    thread.start()
    assert inside.wait(MOST_SECONDS)

    def background() -> None:
        with case.write(polite=True):
            order.append("background")

    other = threading.Thread(target=background)
    other.start()
    go_on.set()
    thread.join()
    other.join()
    assert order == ["interactive", "background"]
    assert list((case.folder / "waiting").iterdir()) == []


def test_indexes_can_be_deleted(tmp_path: Path) -> None:
    with create_case(tmp_path / "c", "M") as made:
        folder = made.folder
        with made.index("words") as s:
            s.exec_driver_sql("CREATE TABLE t (x)")
    for file in (folder / "index").iterdir():
        file.unlink()
    (folder / "index").rmdir()
    with open_case(folder) as again, again.read() as s:
        assert s.exec_driver_sql("SELECT count(*) FROM words.sqlite_master").scalar() == 0


def test_an_old_sqlite_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(CaseKitError, match="SQLite"):
        open_case(case.folder)


def test_foreign_keys_are_on(case: Case) -> None:
    with pytest.raises(DBAPIError, match="FOREIGN KEY"), case.write() as s:
        s.execute(select(1))
        s.exec_driver_sql(
            "INSERT INTO note (item_id, text, author, at_us) VALUES (77, 'x', 'y', 0)"
        )


def test_a_new_case_has_large_pages_and_an_old_one_keeps_its_own(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(found: Case) -> tuple[int, int]:
        asked = "PRAGMA page_size"
        with found.write() as s, found.index("words") as t:
            return s.exec_driver_sql(asked).scalar_one(), t.exec_driver_sql(asked).scalar_one()

    assert pages(case) == (cases.PAGE_BYTES, 4096)
    monkeypatch.setattr(cases, "PAGE_BYTES", 4096)
    create_case(tmp_path / "Old", "Old").close()
    monkeypatch.undo()
    with open_case(tmp_path / "Old") as old:
        assert pages(old) == (4096, 4096)
