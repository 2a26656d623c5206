from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import notes
from casekit.queries import items
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_note_is_written_changed_and_taken_away(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        notes.add_note(s, 1, "see line 3", part="body", start=4, stop=8)
        notes.change_note(s, 1, "see line 4")
    with case.read() as s:
        (note,) = items.notes(s, 1)
    assert (note.text, note.part, note.start, note.stop, note.author) == (
        "see line 4",
        "body",
        4,
        8,
        "Test Examiner",
    )
    with case.write() as s:
        notes.change_note(s, 1, " ")
    with case.read() as s:
        assert items.notes(s, 1) == []


def test_empty_and_missing_notes_are_refused(case: Case) -> None:
    with case.write() as s:
        with pytest.raises(CaseKitError, match="some text"):
            notes.add_note(s, 1, " ")
        with pytest.raises(CaseKitError, match="no longer there"):
            notes.change_note(s, 7, "x")
