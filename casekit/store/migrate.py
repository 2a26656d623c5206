"""Brings an older case up to the present schema on a copy, and only then puts the copy in its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from casekit.errors import CaseKitError, CaseTooNew
from casekit.store.vault import sync_folder

SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(folder: Path, found: str | None, scripts: Path = SCRIPTS) -> None:
    """Migrate the case in `folder` from revision `found` to the newest.

    The old database stays beside the new one as `case.before-REVISION.db` until the user removes it.

    Raises:
        CaseTooNew: The revision is not known here.
        CaseKitError: Another process is migrating, or the copy did not come out whole.
    """
    directory = ScriptDirectory(str(scripts))
    if found is not None and found not in {r.revision for r in directory.walk_revisions()}:
        raise CaseTooNew(
            "{name} was written by a newer CaseKit: install that version to open it.",
            name=folder.name,
        )
    lock = folder / "LOCK"
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        raise CaseKitError(
            "Another CaseKit is bringing {name} up to date: wait for it. If none is running, remove the "
            "file LOCK from the case folder.",
            name=folder.name,
        ) from error
    try:
        _on_a_copy(folder, found, directory)
    finally:
        os.close(descriptor)
        lock.unlink()


def _on_a_copy(folder: Path, found: str | None, directory: ScriptDirectory) -> None:
    live, copy = folder / "case.db", folder / "case.migrating.db"
    copy.unlink(missing_ok=True)
    with connect(live) as s:
        s.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        before = _counts(s)
    with connect(copy) as s:
        s.exec_driver_sql("PRAGMA foreign_keys=OFF")
        s.exec_driver_sql("BEGIN IMMEDIATE")
        _run(s, directory)
        s.exec_driver_sql("COMMIT")
        broken = s.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        after = _counts(s)
        lost = {name for name, rows in before.items() if after.get(name, 0) < rows}
        if broken or lost or s.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
            raise CaseKitError(
                "{name} could not be brought up to date without loss, so it was left as it is: send the "
                "program log to support.",
                name=folder.name,
            )
    live.rename(folder / f"case.before-{found or 'none'}.db")
    copy.rename(live)
    sync_folder(folder)


def _run(s: Connection, directory: ScriptDirectory) -> None:
    def steps(revision: Any, _context: Any) -> Any:
        return directory._upgrade_revs("head", revision)  # noqa: SLF001 - Alembic's own way to run in process

    config = Config()
    with EnvironmentContext(config, directory, fn=steps) as environment:
        environment.configure(connection=s, target_metadata=None, transactional_ddl=False)
        environment.run_migrations()


def _counts(s: Connection) -> dict[str, int]:
    names = s.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    )
    return {
        name: int(s.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0)
        for name in list(names.scalars())
    }


def connect(file: Path) -> Connection:
    """A plain connection to one database file, outside any case: for migration and its tests."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(file)),
        module=sqlcipher3.dbapi2,
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": 30},
    )
    return engine.connect()
