"""Saved specs: a name for what a dossier shall hold, kept in the case with every earlier state."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.store.tables import saved_spec

LONGEST_NAME = 80


def save_spec(s: Connection, name: str, spec: bytes, *, new: bool = False) -> Changes:
    """Save a spec under a name; the same name again replaces it, an equal one changes nothing.

    Args:
        s: Writing session.
        name: Its name, one line.
        spec: JSON as the command line takes it; it may still have gaps.
        new: Refuse a name that is taken instead of replacing what it names.

    Raises:
        CaseKitError: The name is empty, too long or taken, or this is no JSON object.
    """
    name = checked_name(name)
    text = _text(spec)
    known = s.execute(select(saved_spec.c.id).where(saved_spec.c.name == name)).scalar()
    if known is None:
        act = Act(s, "spec.save", f"Dossier “{name}” saved")
        act.insert(saved_spec, {"name": name, "spec": text})
    elif new:
        raise _taken(name)
    else:
        act = Act(s, "spec.save", f"Dossier “{name}” changed")
        act.update(saved_spec, {"id": known}, {"spec": text})
    return act.record({"specs"})


def rename_spec(s: Connection, old: str, name: str) -> Changes:
    """Give a saved spec another name.

    Raises:
        CaseKitError: There is none of that name, or the new one is empty, too long or taken.
    """
    name = checked_name(name)
    spec_id = _id_of(s, old)
    taken = s.execute(select(saved_spec.c.id).where(saved_spec.c.name == name)).scalar()
    if taken not in {None, spec_id}:
        raise _taken(name)
    act = Act(s, "spec.rename", f"Dossier “{old}” renamed “{name}”")
    act.update(saved_spec, {"id": spec_id}, {"name": name})
    return act.record({"specs"})


def delete_spec(s: Connection, name: str) -> Changes:
    """Take a saved spec away; the log keeps it, and undo brings it back.

    Raises:
        CaseKitError: There is none of that name.
    """
    spec_id = _id_of(s, name)
    act = Act(s, "spec.delete", f"Dossier “{name}” taken away")
    if read_row(s, saved_spec, {"id": spec_id}) is not None:
        act.delete(saved_spec, {"id": spec_id})
    return act.record({"specs"})


def _id_of(s: Connection, name: str) -> int:
    found = s.execute(select(saved_spec.c.id).where(saved_spec.c.name == name)).scalar()
    if found is None:
        raise CaseKitError("This case has no saved dossier “{name}”.", name=name)
    return int(found)


def _taken(name: str) -> CaseKitError:
    return CaseKitError("There is a dossier “{name}” already: choose another name.", name=name)


def checked_name(name: str) -> str:
    """A name for a saved spec, its white space made single.

    Raises:
        CaseKitError: It is empty, too long or not printable.
    """
    name = " ".join(name.split())
    if not name:
        raise CaseKitError("A saved dossier needs a name.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise CaseKitError(
            "The name of a dossier is one line of at most {most} printable characters.",
            most=LONGEST_NAME,
        )
    return name


def _text(spec: bytes) -> str:
    try:
        found = json.loads(spec)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CaseKitError("This is no dossier spec: it must be a JSON object.")
    return spec.decode()
