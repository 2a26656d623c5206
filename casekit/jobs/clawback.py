"""Clawback as whole acts: sequestering with all that was derived, and the letter for what is taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from casekit.dossier.letter import letter, text_of
from casekit.dossier.redact import all_withheld, refuse
from casekit.dossier.word_file import write_word
from casekit.errors import CaseKitError
from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.ops.journal import Changes
from casekit.queries import clawback as queries
from casekit.queries.names import check_name
from casekit.store.case import Case

ENDINGS = (".docx", ".txt")
_TELLS = (
    "The letter was not written, because it would tell words that are redacted: {places}. Undo the taking "
    "back, and take the items back with a reason that does without them."
)


def receive(case: Case, told: Notice) -> tuple[Changes, list[str]]:
    """Sequester what a notice names, as `ops.clawback.receive_notice`, and forget what was derived of it."""
    with case.write() as s:
        done = clawback.receive_notice(s, told)
    _forget_tables(case)
    return done


def release(case: Case, item_ids: Sequence[int], by: str, reason: str) -> Changes:
    """End the sequestering of items, as `ops.clawback.release`."""
    with case.write() as s:
        done = clawback.release(s, item_ids, by, reason)
    _forget_tables(case)
    return done


def write_letter(case: Case, out: Path) -> int:
    """Write the facts of the letter for all that is taken back, as DOCX or text; returns how many items.

    Raises:
        CaseKitError: Nothing is taken back, the name ends in neither or tells what is withheld, or the letter
            would tell what is redacted.
    """
    if out.suffix.lower() not in ENDINGS:
        raise CaseKitError("The letter is written as .docx or .txt: name the file so.")
    with case.read() as s:
        check_name(s, out.name)
        taken = queries.left(s)
        if not taken:
            raise CaseKitError(
                "Nothing is taken back yet: take it back first, then write the letter."
            )
        made = letter(s, taken)
        withheld = all_withheld(s)
    refuse(((made.title, name) for t in made.texts() for _, _, name in withheld.places(t)), _TELLS)
    building = out.with_name(f".{out.name}.part")
    try:
        if out.suffix.lower() == ".docx":
            write_word(made, building)
        else:
            building.write_text(text_of(made), encoding="utf-8")
        building.replace(out)
    except OSError as error:
        raise CaseKitError(
            "{name} could not be written ({why}): choose another place.",
            name=out.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    finally:
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)
    return len(taken)


def _forget_tables(case: Case) -> None:
    """Remove the tables for analytics: they are made again, of what may be seen."""
    for path in case.derived_file("exchanges/x").parent.glob("*.parquet"):
        path.unlink(missing_ok=True)
