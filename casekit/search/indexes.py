"""The databases of `index/`: made on demand, known by version and case, thrown away when in doubt."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, TableClause, Text, column, table, text
from sqlalchemy.exc import DBAPIError

from casekit.store.case import INDEXES, Case

DamageError = DBAPIError
_DAMAGE = (
    "malformed",
    "not a database",
    "corrupt",
    "no such table: words",
    "no such table: vectors",
    "no such table: clusters",
)


@dataclass(frozen=True, slots=True)
class Schema:
    """What one index file holds: `version` changes whenever its meaning does."""

    name: str
    version: str
    tables: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """How far an index has come.

    Attributes:
        generation: Another one each time the index was begun anew.
        done: All items with ids up to this one are indexed.
    """

    generation: str
    done: int


def prepare(case: Case, schema: Schema) -> State:
    """The state of the index; what is missing, damaged, old or of another case is begun anew."""
    try:
        state = _read_state(case, schema)
    except DamageError as error:
        _only_damage(error)
        for name in INDEXES:  # a session has all attached, so any of them may be to blame
            if not _opens(case, name):
                remove(case, name)
        state = _state_of_own(case, schema)
    return state or _make(case, schema)


def read_meta(s: Connection, schema: Schema, key: str) -> str | None:
    """A value kept with the index, through a session that has it attached."""
    found = s.execute(text(f"SELECT value FROM {schema.name}.meta WHERE key = :k"), {"k": key})
    value = found.scalar()
    return None if value is None else str(value)


def unsearchable(name: str) -> TableClause:
    """The table of items that an index could not take up, as attached to a reading session."""
    return table("unsearchable", column("item_id", Integer), column("reason", Text), schema=name)


def done(s: Connection) -> int:
    """How far the index has come, through its own writing session."""
    return int(s.execute(text("SELECT value FROM meta WHERE key = 'done'")).scalar() or 0)


def write_meta(s: Connection, **values: object) -> None:
    """Keep values with the index, through its own writing session."""
    for key, value in values.items():
        s.execute(text("REPLACE INTO meta VALUES (:k, :v)"), {"k": key, "v": str(value)})


def begin_anew(case: Case, schema: Schema) -> State:
    """Empty the index in place, so that other processes that have it open see it too."""
    with case.index(schema.name) as s:
        return _create(s, schema, case.uuid)


def remove(case: Case, name: str) -> None:
    """Delete the files of an index that cannot even be opened; the case lets go of them first."""
    case.close()
    for suffix in (".db", ".db-wal", ".db-shm"):
        case.index_file(name + suffix).unlink(missing_ok=True)


def drop_damaged(case: Case, error: Exception, schemas: tuple[Schema, ...]) -> bool:
    """Begin those indexes anew that do not pass SQLite's own check; whether there were any."""
    _only_damage(error)
    found = [schema for schema in schemas if not _sound(case, schema)]
    for schema in found:
        remove(case, schema.name)
        _make(case, schema)
    return bool(found)


def _read_state(case: Case, schema: Schema) -> State | None:
    with case.read(whole=True) as s:
        return _state(s, schema, case.uuid)


def _state_of_own(case: Case, schema: Schema) -> State | None:
    try:
        return _read_state(case, schema)
    except DamageError as error:
        _only_damage(error)
        remove(case, schema.name)
        return None


def _opens(case: Case, name: str) -> bool:
    """Whether the file is a database at all."""
    try:
        with case.index(name) as s:
            s.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DamageError as error:
        _only_damage(error)
        return False
    return True


def _sound(case: Case, schema: Schema) -> bool:
    try:
        with case.read(whole=True) as s:
            found = s.execute(text(f"PRAGMA {schema.name}.integrity_check(1)")).scalar()
            return found == "ok" and _state(s, schema, case.uuid) is not None
    except DamageError as error:
        _only_damage(error)
        return False


def _only_damage(error: Exception) -> None:
    """Let everything pass on that is no sign of a damaged file."""
    if not any(sign in str(error) for sign in _DAMAGE):
        raise error


def _state(s: Connection, schema: Schema, case_uuid: str) -> State | None:
    asked = f"SELECT key, value FROM {schema.name}.meta UNION ALL SELECT 'last', max(id) FROM item"
    try:
        meta = {str(key): str(value or 0) for key, value in s.execute(text(asked))}
    except DBAPIError as error:
        if f"no such table: {schema.name}.meta" not in str(error):
            raise
        return None
    if (meta.get("schema"), meta.get("case")) != (schema.version, case_uuid):
        return None
    done = int(meta.get("done", "0"))
    return State(meta.get("generation", ""), done) if done <= int(meta["last"]) else None


def _make(case: Case, schema: Schema) -> State:
    try:
        return begin_anew(case, schema)
    except DamageError as error:
        _only_damage(error)
        remove(case, schema.name)
        return begin_anew(case, schema)


def _create(s: Connection, schema: Schema, case_uuid: str) -> State:
    for name in ("meta", *schema.tables):
        s.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    s.exec_driver_sql("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    for statement in schema.statements:
        s.exec_driver_sql(statement)
    state = State(uuid.uuid4().hex, 0)
    write_meta(s, schema=schema.version, case=case_uuid, generation=state.generation, done=0)
    return state
