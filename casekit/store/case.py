"""The open case: its folder, its two ways in (`read` and `write`) and its rebuildable indexes.

A case is a folder `Name.casekit/` with `case.json` (UUID, format, key slots), `case.db`, `vault/`
(originals), `derived/` and `index/` (both can be deleted and are made again).
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from casekit import settings
from casekit.errors import CaseBusy, CaseKitError, CaseTooNew, NotACase
from casekit.store import custody, dialect, hiding, packed, places
from casekit.store.tables import (
    APPLICATION_ID,
    EXPRESSION_INDEXES,
    REVISION,
    TRIGGERS,
    matter,
    metadata,
)
from casekit.store.vault import Vault, sync_folder

FORMAT = 1
SUFFIX = ".casekit"
OLDEST_SQLITE = (3, 51, 3)  # older ones can lose commits in WAL mode with two connections
BUSY_SECONDS = 30
POLITE_SECONDS = 2.0
PAGE_BYTES = 8192
"""Of cases made from now on: twice SQLite's own, which halves the calls that an import writes by."""
LOG_PAGES = 8_000
"""64 MB: an import brings its rows into the database long before a commit must (see `checkpoint`)."""
INDEXES = ("words", "vectors", "clusters")
# What the driver binds as it is, it first searches long for a way to adapt: these two end the search.
sqlcipher3.dbapi2.register_adapter(bytes, bytes)
sqlcipher3.dbapi2.register_adapter(type(None), {}.get)


class Case:
    """An open case; made by `create_case` and `open_case`."""

    def __init__(self, folder: Path, uuid_: str, actor: str) -> None:
        self.folder = folder
        self.uuid = uuid_
        self.actor = actor
        self.vault = Vault(folder / "vault")
        self._waiting = folder / "waiting"
        self._readers = _engine(folder / "case.db", "BEGIN", attach=folder / "index")
        self._writers = _engine(folder / "case.db", "BEGIN IMMEDIATE")
        self._indexes: dict[str, Engine] = {}
        self._indexes_lock = threading.Lock()

    @property
    def name(self) -> str:
        """The case's name: its folder without the suffix."""
        return self.folder.name.removesuffix(SUFFIX)

    def warnings(self) -> list[str]:
        """Sentences about the place the case lies in; none where it is safe."""
        return places.warnings(self.folder)

    @contextlib.contextmanager
    def read(self, *, whole: bool = False) -> Iterator[Connection]:
        """A session on one unchanging snapshot; the indexes are attached as `words`, `vectors` and `clusters`.

        Args:
            whole: See what is sequestered too: for work that shows nothing to anybody.
        """
        with self._readers.connect() as s, s.begin():
            hiding.begin(s, whole=whole)
            yield s

    @contextlib.contextmanager
    def write(self, *, polite: bool = False) -> Iterator[Connection]:
        """A session that holds the case's one write lock; commits at the end, rolls back on an error.

        Args:
            polite: Background work: lets every waiting interactive act go first.

        Raises:
            CaseBusy: Another process kept the lock for 30 seconds.
        """
        with self._turn(polite), self._writers.connect() as s:
            s.info.update(case_uuid=self.uuid, actor=self.actor)
            try:
                transaction = s.begin()
            except DBAPIError as error:
                raise CaseBusy(
                    "Another CaseKit is writing to this case for longer than {seconds} seconds: wait for it "
                    "or close it, then try again.",
                    seconds=BUSY_SECONDS,
                ) from error
            with transaction:
                yield s

    @contextlib.contextmanager
    def index(self, name: str) -> Iterator[Connection]:
        """A writing session on `index/NAME.db`, which has no part in the case's own lock."""
        with self._indexes_lock:
            if name not in self._indexes:
                file = self.folder / "index" / f"{name}.db"
                self._indexes[name] = _engine(file, "BEGIN IMMEDIATE", durable=False)
            engine = self._indexes[name]
        with engine.connect() as s, s.begin():
            yield s

    def index_file(self, name: str) -> Path:
        """The path of a file that `index/` may hold, for what is no database (the FAISS file)."""
        return self.folder / "index" / name

    def derived_file(self, name: str) -> Path:
        """The path of a file that `derived/` may hold; its folders are made."""
        path = self.folder / "derived" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def checkpoint(self) -> None:
        """Bring what has been committed from the log beside the database into it, as far as readers let it.

        Nobody waits for it, and nobody needs it: a commit does the same once the log is `LOG_PAGES` long, and
        says nothing of what goes wrong.

        Raises:
            DBAPIError: The database cannot be written; the log keeps all that has been committed.
        """
        connection = self._writers.raw_connection()
        asked = "PRAGMA main.wal_checkpoint(PASSIVE)"
        try:
            connection.cursor().execute(asked).close()
        except sqlcipher3.dbapi2.Error as error:
            raise DBAPIError.instance(asked, None, error, sqlcipher3.dbapi2.Error) from error
        finally:
            connection.close()

    def head(self) -> int:
        """Number of the last custody entry: it moves when any process has changed the case."""
        with self.read() as s:
            return custody.head(s)

    def close(self) -> None:
        """Let go of every file of the case."""
        for engine in (self._readers, self._writers, *self._indexes.values()):
            engine.dispose()
        self._indexes.clear()

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _turn(self, polite: bool) -> Iterator[None]:
        """Interactive acts leave a mark while they wait, which background work gives way to."""
        if polite:
            until = time.monotonic() + POLITE_SECONDS
            while time.monotonic() < until and list(self._waiting.iterdir()):
                time.sleep(0.005)
            yield
            return
        mark = self._waiting / uuid.uuid4().hex
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)


def create_case(
    folder: Path, matter_name: str, *, details: Mapping[str, str] | None = None
) -> Case:
    """Make a new case folder and open it.

    Args:
        folder: Where; the suffix `.casekit` is added if missing.
        matter_name: The proceeding it serves.
        details: Further matter values, such as court, number, judge, time_zone, profile.

    Raises:
        CaseKitError: Something is already there, or the place cannot be written.
    """
    folder = with_suffix(folder)
    if folder.exists():
        raise CaseKitError(
            "{name} is already there: open it or choose another name.", name=folder.name
        )
    building = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    values = {"name": matter_name, "time_zone": "UTC", "profile": "us-federal", **(details or {})}
    try:
        _build(building, values)
        building.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise CaseKitError(
            "The case could not be made in {folder} ({why}): choose a folder you may write to.",
            folder=str(folder.parent),
            why=error.strerror or type(error).__name__,
        ) from error
    return open_case(folder)


def open_case(folder: Path) -> Case:
    """Open a case; an older one is migrated on a copy first, a packed one unpacked beside it.

    Raises:
        NotACase: The folder is no case.
        CaseTooNew: A newer CaseKit wrote it.
    """
    if sqlcipher3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise CaseKitError(
            "The SQLite library {version} can lose data: install CaseKit's own again.",
            version=sqlcipher3.dbapi2.sqlite_version,
        )
    if folder.is_file():  # a case in one file is unpacked beside it
        folder = packed.unpacked(folder)
    folder = folder if (folder / "case.json").is_file() else with_suffix(folder)
    about = _about(folder)
    _check_revision(folder)
    for name in ("index", "derived", "waiting"):
        (folder / name).mkdir(exist_ok=True)
    _forget_stale_marks(folder / "waiting")
    case = Case(folder, about["case"], settings.load().examiner)
    with contextlib.suppress(OSError):
        case.vault.clear_waiting()
    return case


def with_suffix(folder: Path) -> Path:
    """The folder's path with `.casekit` at the end of its name."""
    return folder if folder.name.endswith(SUFFIX) else folder.with_name(folder.name + SUFFIX)


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / "case.json").read_text("utf-8"))
        if about["format"] > FORMAT:
            raise CaseTooNew(
                "{name} was written by a newer CaseKit: install that version to open it.",
                name=folder.name,
            )
        uuid.UUID(about["case"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotACase(
            "{name} is not a case folder: choose one that ends in .casekit and holds a case.json.",
            name=folder.name,
        ) from error
    loaded: dict[str, Any] = about
    return loaded


def _check_revision(folder: Path) -> None:
    engine = _engine(folder / "case.db", "BEGIN")
    try:
        with engine.connect() as s, s.begin():
            known = inspect(s).has_table("alembic_version")
            found = (
                s.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if known
                else None
            )
    except (DBAPIError, UnicodeError) as error:  # the driver quotes damaged bytes as text
        raise NotACase(
            "The database of {name} cannot be read: it is damaged or encrypted with another key. "
            "Verify a copy of it.",
            name=folder.name,
        ) from error
    finally:
        engine.dispose()
    if found != REVISION:
        from casekit.store import migrate

        migrate.upgrade(folder, found)


def _build(folder: Path, matter_values: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name in ("index", "derived", "waiting"):
        (folder / name).mkdir()
    Vault(folder / "vault").create()
    about = {"case": str(uuid.uuid4()), "format": FORMAT, "key_slots": []}
    engine = _engine(folder / "case.db", "BEGIN IMMEDIATE")
    with engine.connect() as s, s.begin():
        s.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        s.info.update(case_uuid=about["case"], actor=settings.load().examiner)
        create_schema(s)
        _open_log(s, matter_values)
    engine.dispose()
    with (folder / "case.json").open("x", encoding="utf-8") as f:
        json.dump(about, f, indent=1)
        f.flush()
        os.fsync(f.fileno())


def create_schema(s: Connection) -> None:
    """All tables and triggers of the present revision, as a migrated case has them too."""
    for statement in (*_tables_as_sql(), *EXPRESSION_INDEXES.values(), *TRIGGERS.values()):
        s.exec_driver_sql(statement)
    s.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    s.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": REVISION})


@functools.cache
def _tables_as_sql() -> tuple[str, ...]:
    """What `metadata.create_all` would say to a new file, put into words once a process."""
    words = sqlite.dialect()
    statements: list[str] = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=words)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            statements.append(str(CreateIndex(index).compile(dialect=words)))
    return tuple(statements)


def _open_log(s: Connection, matter_values: Mapping[str, str]) -> None:
    changes = []
    for key, value in sorted(matter_values.items()):
        s.execute(matter.insert().values(key=key, value=value))
        changes.append(
            {"table": "matter", "key": {"key": key}, "after": {"key": key, "value": value}}
        )
    body = {"label": "Case created", "args": {}, "changes": changes}
    custody.append(s, act_class="custody", op="case.create", body=body)


def _forget_stale_marks(waiting: Path) -> None:
    for mark in waiting.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - mark.stat().st_mtime > BUSY_SECONDS * 2:
                mark.unlink()


def _attach(connection: Any, name: str, file: Path) -> None:
    """Attach an index; one that is no database is thrown away and made again."""
    try:
        connection.execute("ATTACH DATABASE ? AS " + name, (str(file),))
        connection.execute(f"PRAGMA {name}.schema_version")
    except sqlcipher3.dbapi2.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        with contextlib.suppress(sqlcipher3.dbapi2.DatabaseError):
            connection.execute(f"DETACH DATABASE {name}")
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        connection.execute("ATTACH DATABASE ? AS " + name, (str(file),))


def _engine(file: Path, begin: str, attach: Path | None = None, *, durable: bool = True) -> Engine:
    """Connections to one file; what need not be durable may lose its last commits in a power cut."""
    engine = create_engine(
        URL.create(dialect.NAME, database=str(file)),
        module=sqlcipher3.dbapi2,
        execution_options={"compiled_cache": dialect.compiled},
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        for pragma in (
            *([f"page_size={PAGE_BYTES}"] if durable else ()),  # what FTS5 writes fits SQLite's own
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "temp_store=MEMORY",
            "cache_size=-8000",
            "mmap_size=0",
            f"wal_autocheckpoint={LOG_PAGES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if attach is not None:
            for name in INDEXES:
                _attach(connection, name, attach / f"{name}.db")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
