from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casekit.errors import CaseKitError
from casekit.ops import journal, notes, tags
from casekit.queries import facets, items
from casekit.store import custody
from casekit.store.case import Case, create_case, open_case
from tests.builders import file_items, make_item


def tags_of(case: Case, item_id: int) -> tuple[str, ...]:
    with case.read() as s:
        return items.rows(s, [item_id])[0].tags


def test_undo_and_redo_are_new_acts(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        done = tags.add_tag(s, [1], "hot")
    with case.write() as s:
        undone = journal.undo(s, done.act)
    assert (tags_of(case, 1), undone.label, undone.ids) == (
        (),
        "Undo: Tag “hot” put on 1 item",
        (1,),
    )
    with case.write() as s:
        redone = journal.undo(s, undone.act)
    assert (tags_of(case, 1), redone.label) == (("hot",), "Tag “hot” put on 1 item")
    assert case.head() == 4 + 3


def test_undo_works_from_another_process_and_names_the_later_act(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        made = notes.add_note(s, 1, "first")
    with case.write() as s:
        notes.change_note(s, 1, "second")
    with open_case(case.folder) as other:
        with pytest.raises(CaseKitError, match="a later act, “Note changed”"), other.write() as s:
            journal.undo(s, made.act)
        with other.write() as s:
            last = journal.undoable_acts(s, other.actor)[0]
            journal.undo(s, last[0])
            journal.undo(s, made.act)
    with case.read() as s:
        assert items.notes(s, 1) == []


def test_receiving_cannot_be_undone(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    with pytest.raises(CaseKitError, match="stays received"), case.write() as s:
        journal.undo(s, 3)


def test_nothing_is_recorded_where_nothing_changes(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        tags.add_tag(s, [1], "hot")
    head = case.head()
    with case.write() as s:
        again = tags.add_tag(s, [1], "hot")
    assert (case.head(), again.ids, again.undo) == (head, (), None)


def test_a_bulk_act_is_one_leaf_with_every_value(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"item {n}") for n in range(2000)], tmp_path)
    before = case.head()
    with case.write() as s:
        done = tags.add_tag(s, range(1, 2001), "issue/terms")
    with case.read() as s:
        assert case.head() == before + 1
        assert len(custody.detail(s, done.act).body["changes"]) == 2002
        assert [(t.name, t.count) for t in facets.tags(s)] == [("issue", 0), ("issue/terms", 2000)]


acts = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "undo"]), st.integers(1, 3), st.sampled_from("abc")
    ),
    max_size=12,
)


@given(acts)
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_undoing_everything_leads_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("j")
    with create_case(folder / "c", "M") as case:
        file_items(case, [make_item(f"item {n}") for n in range(3)], folder)
        for verb, item_id, name in steps:
            with case.write() as s:
                try:
                    if verb == "undo":
                        for act, _ in journal.undoable_acts(s, case.actor, limit=1):
                            journal.undo(s, act)
                    else:
                        (tags.add_tag if verb == "add" else tags.remove_tag)(s, [item_id], name)
                except CaseKitError:
                    pass
        while True:
            with case.write() as s:
                left = journal.undoable_acts(s, case.actor, limit=1)
                if not left:
                    break
                journal.undo(s, left[0][0])
        with case.read() as s:
            assert facets.tags(s) == []
