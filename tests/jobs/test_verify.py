import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from casekit.errors import CaseTooNew
from casekit.jobs.verify import Damage, verify, verify_folder
from casekit.ops import clawback, exhibits, journal, notes, privilege, tags
from casekit.store import migrate
from casekit.store.case import Case, open_case
from tests.builders import file_items, make_exchange, make_item, make_mail


def worked_on(case: Case, tmp_path: Path) -> bytes:
    """A case with items of several kinds, tags, a note, an exhibit, privilege and an undone act."""
    mail = make_mail("letter", "a@x.example", "b@x.example", 5)
    mail.children = [make_item("attachment")]
    original = file_items(
        case, [make_item(), make_exchange("Why?", "Because.", "m-1"), mail], tmp_path, custodian="A"
    )
    with case.write() as s:
        tags.add_tag(s, [1, 2], "issue/terms")
        done = notes.add_note(s, 1, "look here")
        exhibits.mark_exhibit(s, 1, "A-1")
        privilege.assert_privilege(s, [3], "attorney-client")
        journal.undo(s, done.act)
    return original


def damage_of(case: Case, tmp_path: Path, *statements: str) -> list[str]:
    """What is found in a case that was worked on, closed and changed by these statements."""
    worked_on(case, tmp_path)
    case.close()
    with migrate.connect(case.folder / "case.db") as s:
        for statement in statements:
            s.exec_driver_sql(statement)
    return [d.what for d in verify_folder(case.folder).damaged]


def tamper(case: Case, statement: str) -> None:
    """Change the database as someone with the file and another SQLite would."""
    with migrate.connect(case.folder / "case.db") as s:
        for name in (
            s.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").scalars().all()
        ):
            s.exec_driver_sql(f"DROP TRIGGER {name}")
        s.exec_driver_sql(statement)


def found(case: Case) -> list[Damage]:
    return [d for d in verify(case).damaged if not d.what.startswith("schema of")]


def test_an_untouched_case_is_whole(case: Case, tmp_path: Path) -> None:
    worked_on(case, tmp_path)
    report = verify(case)
    assert (report.damaged, report.ok) == ([], True)
    assert report.checked["items"] == 4
    assert report.checked["originals"] == 1
    assert report.checked["custody entries"] == report.head == 9


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (
            "CREATE TRIGGER quiet AFTER INSERT ON note BEGIN DELETE FROM item_tag; END",
            "schema of quiet",
        ),
        ("CREATE VIEW shadow AS SELECT * FROM item", "schema of shadow"),
        ("CREATE TABLE aside (x)", "schema of aside"),
        ("CREATE UNIQUE INDEX narrow ON note (text)", "schema of narrow"),
    ],
)
def test_what_casekit_did_not_make_is_named(case: Case, statement: str, name: str) -> None:
    with migrate.connect(case.folder / "case.db") as s:
        s.exec_driver_sql(statement)
    (damage,) = verify(case).damaged
    assert damage.what == name
    assert damage.why.startswith("CaseKit did not make this")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE item SET title='other' WHERE id=1", "item 1 (other)"),
        ("UPDATE item SET parent_id=1 WHERE id=2", "item 2 (Why?)"),
        ("UPDATE item SET root_id=1 WHERE id=2", "item 2 (Why?)"),
        ("UPDATE item_text SET text='no' WHERE item_id=2 AND part='output'", "item 2 (Why?)"),
        ("UPDATE exchange SET model='m-2'", "item 2 (Why?)"),
        ("UPDATE item_party SET address='c@x.example' WHERE role='to'", "item 3 (letter)"),
        ("UPDATE mail SET subject='other'", "item 3 (letter)"),
        ("DELETE FROM item_text WHERE item_id=4", "item 4 (attachment)"),
        ("DELETE FROM item WHERE id=4", "items 1 to 4"),
        ("UPDATE tag SET name='issue/other' WHERE id=2", 'table tag, row {"id":2}'),
        ("DELETE FROM item_tag WHERE item_id=2", 'table item_tag, row {"item_id":2,"tag_id":2}'),
        ("DELETE FROM privilege WHERE item_id=4", 'table privilege, row {"item_id":4}'),
        ("UPDATE exhibit SET item_id=2", 'table exhibit, row {"id":1}'),
        ("UPDATE receipt SET path='x'", 'table receipt, row {"id":1}'),
        ("UPDATE original SET size=1", 'table original, row {"id":1}'),
        ("INSERT INTO tag (name, colour) VALUES ('planted', 'ok')", 'table tag, row {"id":3}'),
        (
            "UPDATE custody SET leaf=CAST(replace(CAST(leaf AS TEXT), 'ingest.batch', 'ingest.bitch') AS BLOB)",
            "custody entry 3",
        ),
        ("DELETE FROM custody WHERE seq=9", "custody detail 9"),
        ("UPDATE custody SET leaf='{' WHERE seq=4", "custody entry 4"),
        ("UPDATE act_detail SET body=zeroblob(9) WHERE seq=5", "custody entry 5"),
        ("UPDATE act_detail SET salt=zeroblob(32) WHERE seq=5", "custody entry 5"),
        ("DELETE FROM original_act", "table original_act, row 1 3"),
        ("UPDATE matter SET value='X' WHERE key='name'", 'table matter, row {"key":"name"}'),
    ],
)
def test_a_changed_row_is_named(case: Case, tmp_path: Path, statement: str, what: str) -> None:
    worked_on(case, tmp_path)
    tamper(case, statement)
    assert what in [d.what for d in found(case)]


def test_a_table_of_sqlite_s_own_that_is_called_something_else_is_named(
    case: Case, tmp_path: Path
) -> None:
    """One flipped bit of the word `table` hides it from every list of tables."""
    worked_on(case, tmp_path)
    case.close()
    database = case.folder / "case.db"
    with migrate.connect(database) as s:
        s.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        s.exec_driver_sql("VACUUM")
    clean = database.read_bytes()
    assert b"tablesqlite_sequence" in clean
    database.write_bytes(clean.replace(b"tablesqlite_sequence", b"tablEsqlite_sequence"))
    assert "schema of sqlite_sequence" in [d.what for d in verify_folder(case.folder).damaged]


def test_a_dropped_trigger_is_named(case: Case, tmp_path: Path) -> None:
    worked_on(case, tmp_path)
    tamper(case, "SELECT 1")
    assert "schema of custody_is_append_only_delete" in [d.what for d in verify(case).damaged]


def test_a_flipped_byte_in_the_vault_is_named_with_the_exhibits(case: Case, tmp_path: Path) -> None:
    original = worked_on(case, tmp_path)
    path = case.folder / "vault" / original.hex()[:2] / original.hex()
    data = bytearray(path.read_bytes())
    for position in range(len(data)):
        flipped = data.copy()
        flipped[position] ^= 1
        path.chmod(0o640)
        path.write_bytes(flipped)
        assert verify(case).damaged == [
            Damage(
                f"original {original.hex()}",
                "Its bytes changed after CaseKit received it.",
                ("Exhibit A-1",),
                ("file.txt",),
            )
        ]
    path.unlink()
    with case.write() as s:
        clawback.receive_notice(s, clawback.Notice("Them", ["item 2"], reference="letter"))
    missing = verify(case).damaged[0]
    assert (missing.why, missing.names) == ("It is missing from the vault.", ())


def test_a_stranger_in_the_vault_is_named(case: Case, tmp_path: Path) -> None:
    worked_on(case, tmp_path)
    (case.folder / "vault" / "planted").write_bytes(b"")
    assert verify(case).damaged == [Damage("vault file planted", "No original has this name.")]


def test_flipped_bits_of_the_database_are_found(case: Case, tmp_path: Path) -> None:
    """Every flip that changes a row is named: what is read from the flipped file tells whether it did."""
    worked_on(case, tmp_path)
    case.close()
    database = case.folder / "case.db"
    with migrate.connect(database) as s:
        s.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        s.exec_driver_sql("VACUUM")
        truth = dump(s)
    clean = database.read_bytes()
    generator = random.Random(7)
    used = [position for position, byte in enumerate(clean) if byte]
    changed = named = 0
    for _ in range(150):
        flipped = bytearray(clean)
        flipped[generator.choice(used)] ^= 1 << generator.randrange(8)
        for extra in case.folder.glob("case.db-*"):
            extra.unlink()
        database.write_bytes(flipped)
        if rows_of(case.folder, tmp_path) != truth:
            changed += 1
            named += _is_named(case.folder)
    assert changed > 50
    assert named == changed


def _is_named(folder: Path) -> bool:
    try:
        return not verify_folder(folder).ok
    except CaseTooNew:  # the number of the schema was flipped
        return True


@pytest.mark.parametrize("column", ["item.name", "item.facts", "item_party.name"])
def test_an_empty_text_that_became_no_bytes_is_named(
    case: Case, tmp_path: Path, column: str
) -> None:
    """One flipped bit of a row's header does it, and both have the same digest."""
    worked_on(case, tmp_path)
    table, _, name = column.partition(".")
    assert found(case) == []
    tamper(case, f"UPDATE {table} SET {name} = x'' WHERE {name} = ''")
    assert [d.what for d in found(case)] == [f"table {table}, column {name}"]


@pytest.mark.parametrize("value", ["5", "5.5", "'text'", "x'00'"])
def test_a_hash_of_another_type_is_damage_and_no_crash(
    case: Case, tmp_path: Path, value: str
) -> None:
    """One flipped bit of a row's header makes a number of bytes."""
    found = damage_of(
        case, tmp_path, "DROP TRIGGER custody_is_append_only_update",
        f"UPDATE custody SET hash = {value} WHERE seq = 2",
    )  # fmt: skip
    assert {"schema of custody_is_append_only_update", "custody entry 2", "custody entry 3"} <= set(
        found
    )


@pytest.mark.parametrize("sql", ["SET seq = 1", "SET name = 'itel'"])
def test_a_counter_of_items_that_goes_on_elsewhere_is_damage(
    case: Case, tmp_path: Path, sql: str
) -> None:
    found = damage_of(case, tmp_path, f"UPDATE sqlite_sequence {sql}")
    assert found == ["table sqlite_sequence"]


def dump(s: object) -> object:
    names = (
        s.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
        .scalars()
        .all()
    )  # type: ignore[attr-defined]
    return [[n, sorted(map(repr, s.exec_driver_sql(f'SELECT * FROM "{n}"')))] for n in names]  # type: ignore[attr-defined]


def rows_of(folder: Path, tmp_path: Path) -> object:
    copy = tmp_path / "flipped.db"
    shutil.copyfile(folder / "case.db", copy)
    try:
        with migrate.connect(copy) as s:
            return dump(s)
    except (DBAPIError, UnicodeError) as error:
        return type(error).__name__


def test_an_unreadable_database_is_damage_and_not_a_refusal(case: Case) -> None:
    case.close()
    (case.folder / "case.db").write_bytes(b"x" * 5000)
    report = verify_folder(case.folder)
    assert [d.what for d in report.damaged] == ["database of Test.casekit"]


def test_a_case_opened_again_is_still_whole(case: Case, tmp_path: Path) -> None:
    worked_on(case, tmp_path)
    with open_case(case.folder) as again:
        assert verify(again).ok
