from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import clawback
from casekit.ops import events, journal
from casekit.ops.clawback import Notice
from casekit.queries import events as queries
from casekit.store.case import Case
from tests.builders import file_items, make_mail


def titles(case: Case) -> list[str]:
    with case.read() as s:
        return [f"{row.title} {row.when}" for row in queries.events(s)]


def test_events_are_put_changed_dropped_and_each_act_is_taken_back(case: Case) -> None:
    with case.write() as s:
        made = events.add_event(s, " Aurora-4\n released ", "2026-03-02", kind="release")
    assert titles(case) == ["Aurora-4 released 2026-03-02"]
    with case.write() as s:
        changed = events.change_event(s, 1, starts="2026-03", ends="2026-04")
    assert titles(case) == ["Aurora-4 released 2026-03 … 2026-04"]
    with case.write() as s:
        dropped = events.drop_event(s, 1)
    assert titles(case) == []
    for act, after in ((dropped, ["Aurora-4 released 2026-03 … 2026-04"]),
                       (changed, ["Aurora-4 released 2026-03-02"]), (made, [])):  # fmt: skip
        with case.write() as s:
            journal.undo(s, act.act)
        assert titles(case) == after


def test_an_event_needs_a_title_a_kind_and_an_item_that_is_there(case: Case) -> None:
    for title, kind, item_id, said in (
        (" ", "other", None, "needs a title"), ("x" * 401, "other", None, "needs a title"),
        ("A", "rumour", None, "must be one of"), ("A", "other", 7, "no item 7"),
    ):  # fmt: skip
        with case.write() as s, pytest.raises(CaseKitError, match=said):
            events.add_event(s, title, "2026", kind=kind, item_id=item_id)
    with case.write() as s, pytest.raises(CaseKitError, match="no event 1"):
        events.drop_event(s, 1)
    assert titles(case) == []


def test_an_event_that_a_sequestered_item_tells_of_is_hidden_with_it(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_mail("Secret", "a@x.example", "b@x.example", 1)], tmp_path)
    with case.write() as s:
        events.add_event(s, "Secret plan", "2026", item_id=1)
        events.add_event(s, "Open", "2026")
    clawback.receive(case, Notice("Them", ["item 1"], reference="letter"))
    assert titles(case) == ["Open 2026"]
    with case.write() as s, pytest.raises(CaseKitError, match="is sequestered"):
        events.add_event(s, "Again", "2026", item_id=1)
