import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from casekit.errors import CaseKitError, CaseTooNew
from casekit.jobs.schema import expected_schema
from casekit.store import migrate, tables
from casekit.store.case import create_case, open_case
from tests.builders import file_items, make_item

NEXT = """
from alembic import op
revision = "next"
down_revision = "{newest}"
def upgrade():
    op.get_bind().exec_driver_sql("{sql}")
"""


def scripts_with(tmp_path: Path, sql: str) -> Path:
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_next.py").write_text(NEXT.format(sql=sql, newest=tables.REVISION))
    return scripts


def old_case(tmp_path: Path) -> Path:
    with create_case(tmp_path / "old", "M") as case:
        file_items(case, [make_item("kept")], tmp_path)
        return case.folder


def test_a_migrated_case_has_every_row_and_the_old_file_beside_it(tmp_path: Path) -> None:
    folder = old_case(tmp_path)
    migrate.upgrade(
        folder, tables.REVISION, scripts_with(tmp_path, "ALTER TABLE item ADD COLUMN colour TEXT")
    )
    assert (folder / f"case.before-{tables.REVISION}.db").exists()
    assert not (folder / "LOCK").exists()
    with migrate.connect(folder / "case.db") as s:
        assert s.execute(text("SELECT title, colour FROM item")).all() == [("kept", None)]
        assert s.execute(text("SELECT version_num FROM alembic_version")).scalar() == "next"


def test_a_migration_that_loses_rows_changes_nothing(tmp_path: Path) -> None:
    folder = old_case(tmp_path)
    before = (folder / "case.db").read_bytes()
    with pytest.raises(CaseKitError, match="without loss"):
        migrate.upgrade(folder, tables.REVISION, scripts_with(tmp_path, "DELETE FROM receipt"))
    assert (folder / "case.db").read_bytes() == before
    assert not (folder / "LOCK").exists()


def test_a_newer_revision_and_a_running_migration_are_refused(tmp_path: Path) -> None:
    folder = old_case(tmp_path)
    with pytest.raises(CaseTooNew):
        migrate.upgrade(folder, "9999")
    (folder / "LOCK").touch()
    with pytest.raises(CaseKitError, match="LOCK"):
        migrate.upgrade(folder, tables.REVISION)


def test_migrating_from_nothing_gives_the_schema_of_a_new_case(tmp_path: Path) -> None:
    newest = ScriptDirectory(str(migrate.SCRIPTS)).get_current_head()
    assert newest == tables.REVISION
    (tmp_path / "x").mkdir()
    with migrate.connect(tmp_path / "x" / "case.db") as s:
        s.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                          "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))")  # fmt: skip
    migrate.upgrade(tmp_path / "x", None)
    with migrate.connect(tmp_path / "x" / "case.db") as s:
        made = s.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    found = {name: " ".join(sql.split()) for name, sql in made}
    assert {name: found.get(name) for name in expected_schema()} == expected_schema()


def test_a_new_case_opens_without_migration(tmp_path: Path) -> None:
    folder = old_case(tmp_path)
    with open_case(folder) as case:
        assert case.head() == 4
    assert not list(folder.glob("case.before-*"))
