import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casekit.errors import CaseKitError
from casekit.jobs import clawback
from casekit.jobs.review_merge import merge_return
from casekit.jobs.verify import verify
from casekit.ops import journal, notes, privilege, reviews, tags, templates, tiers
from casekit.ops.clawback import Notice
from casekit.ops.journal import Act
from casekit.ops.whole_coding import set_field
from casekit.queries import agreement, items
from casekit.queries.reviews import packages, reviewers
from casekit.queries.templates import read_file
from casekit.queries.whole_coding import whole_coding
from casekit.store.case import Case, create_case, open_case
from casekit.store.coding_tables import coding
from casekit.store.review_tables import review_done
from casekit.store.tables import item_tag, item_tier, note, tag
from tests.review_case import fill, packed


@pytest.fixture
def world(case: Case, tmp_path: Path) -> Case:
    return fill(case, tmp_path)


def test_what_agrees_is_merged_and_what_differs_is_kept(world: Case, tmp_path: Path) -> None:
    with world.write() as s:
        tags.add_tag(s, [5], "base")
    with packed(world, tmp_path, "p", "R. Two") as package:
        with package.write() as s:
            tags.add_tag(s, [1, 5], "hot")
            tags.remove_tag(s, [5], "base")
            privilege.assert_privilege(s, [1], "work-product", note="Advice")
            privilege.clear_items(s, [3])
            notes.add_note(s, 1, "See this")
            reviews.mark_done(s, 1, [1, 5])
        with world.write() as s:
            tags.add_tag(s, [1], "hot")
            privilege.assert_privilege(s, [3], "other")
        found = merge_return(world, package.folder)
        head = world.head()
        again = merge_return(world, package.folder)
        assert (again.acts, world.head()) == ([], head)
        with package.write() as s:
            tags.add_tag(s, [7], "late")
        later = merge_return(world, package.folder)
    assert (found.taken, found.agreed, found.conflicts, found.notes, found.done) == (5, 1, 2, 1, 2)
    assert [c.label for c in found.acts] == ["Review by R. Two merged"]
    assert (later.taken, later.conflicts, later.done) == (1, 0, 0)
    with world.read() as s:
        coded = whole_coding(s, [1, 2, 3, 5])
        assert coded[1] == {
            "tag:hot": "yes",
            "privilege": "work-product",
            "privilege-note": "Advice",
        }
        assert coded[2]["privilege"] == "work-product"
        assert coded[3] == {"privilege": "other"}
        assert coded[5] == {"tag:base": "yes", "tag:hot": "yes"}
        both = [
            (c.item_id, c.field, c.ours, c.ours_by, c.theirs, c.theirs_by)
            for c in agreement.conflicts(s)
        ]
        assert both == [
            (3, "privilege", "other", "Test Examiner", "not-privileged", "R. Two"),
            (5, "tag:base", "yes", "", None, "R. Two"),
        ]
        (said,) = items.notes(s, 1)
        assert (said.text, said.author) == ("See this", "R. Two")
        assert s.exec_driver_sql("SELECT by FROM privilege WHERE item_id = 1").scalar() == "R. Two"
        assert [(p.name, p.done) for p in reviewers(s, 1) if p.name] == [("R. Two", 2)]
        assert packages(s)[0].merged
    assert verify(world).ok
    with world.write() as s:
        for act in (later.acts[0], found.acts[0]):
            journal.undo(s, act.act)
        assert agreement.conflicts(s) == []
    assert merge_return(world, package.folder).taken == 6


def test_a_second_review_is_compared_and_takes_nothing(world: Case, tmp_path: Path) -> None:
    with world.write() as s:
        tags.add_tag(s, [5], "hot")
        reviews.mark_done(s, 1, range(1, 9))
        reviews.draw_second(s, 1, 100, 1, "C")
    with packed(world, tmp_path, "c", "C", "all, second review") as package:
        with package.write() as s:
            tags.add_tag(s, [6, 7], "hot")
            reviews.mark_done(s, 1, [5, 6])
        found = merge_return(world, package.folder)
    assert (found.taken, found.done, found.conflicts, found.waiting) == (0, 2, 2, 1)
    with world.read() as s:
        assert whole_coding(s, [5, 6, 7]) == {5: {"tag:hot": "yes"}, 6: {}, 7: {}}
        (row,) = agreement.agreements(s, 1)
        assert (row.n, row.same, row.fields[0].raw, row.fields[0].kappa) == (2, 0, 0.0, -1.0)
        assert {(c.item_id, c.ours, c.theirs) for c in agreement.conflicts(s)} == {
            (5, "yes", None), (6, None, "yes"),
        }  # fmt: skip


def test_other_cases_and_other_work_are_told(world: Case, tmp_path: Path) -> None:
    with packed(world, tmp_path, "p", "R") as package:
        with package.write() as s:
            act = Act(s, "search.save", "x")
            journal_table = journal._TABLES["saved_search"]
            act.insert(journal_table, {"name": "x", "query": "y", "mode": "words"})
            act.record()
            tags.add_tag(s, [5, 6], "hot")
        with (
            create_case(tmp_path / "Other", "Other") as other,
            pytest.raises(CaseKitError, match="no package that this case gave out"),
        ):
            merge_return(other, package.folder)
        clawback.receive(world, Notice("Them", ["item 6"], reference="letter"))
        found = merge_return(world, package.folder)
    assert found.not_taken == {"changes of saved search": 1}
    assert (found.taken, found.conflicts) == (1, 1)  # what is sequestered by now waits, unseen
    with world.read() as s:
        assert agreement.conflicts(s) == []
        assert packages(s)[0].sequestered == 1
    clawback.release(world, [6], "Judge", "Order")
    with world.read() as s:
        assert [(c.item_id, c.theirs) for c in agreement.conflicts(s)] == [(6, "yes")]


EXAMPLES = 3  # each of them four cases copied, verified and merged
FIELDS = {
    "tag:a": ["yes"], "tag:b": ["yes"], "privilege": ["not-privileged", "other", "work-product"],
    "tier": ["AEO", "CONF"], "field:issues": ["x", "x\ny"],
}  # fmt: skip
MARKS = st.lists(
    st.sampled_from(sorted(FIELDS)).flatmap(
        lambda f: st.tuples(st.integers(1, 8), st.just(f), st.sampled_from([None, *FIELDS[f]]))
    ),
    max_size=8,
)
Marks = list[tuple[int, str, str | None]]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case and two packages of it, closed, to be copied."""
    folder = tmp_path_factory.mktemp("two")
    with create_case(folder / "Main", "m") as main:
        fill(main, folder)
        with main.write() as s:
            tiers.set_order(s, [(name, name, ["court"]) for name in FIELDS["tier"]])
            issues = {"name": "issues", "label": "Issues", "kind": "many", "options": ["x", "y"]}
            held = [{"evidence": c, "field": [issues]} for c in ("correspondence", "outputs")]
            templates.take_set_up(s, read_file(orjson.dumps({"template": held}), "t.json"))
        for name in "AB":
            packed(main, folder, name, name).close()
    return folder


def _code(folder: Path, name: str, marks: Marks) -> None:
    with open_case(folder / f"{name}.casekit") as package:
        package.actor = name
        with package.write() as s:
            act = Act(s, "coding.code", "Coded")
            for item_id, field, value in marks:
                set_field(act, item_id, field, value, name, 7)
            act.record()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ours=MARKS, a=MARKS, b=MARKS, turned=st.booleans())
@example(
    ours=[(5, "tier", "AEO"), (6, "tag:a", "yes")],
    a=[(5, "tier", "CONF"), (7, "privilege", "other"), (8, "tag:b", "yes")],
    b=[(5, "tier", "CONF"), (7, "privilege", "work-product"), (8, "field:issues", "x")],
    turned=False,
)
def test_two_packages_merge_with_no_mark_lost(
    two: Path, tmp_path_factory: pytest.TempPathFactory, ours: Marks, a: Marks, b: Marks, turned: bool
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("run")
    for name in ("Main", "A", "B"):
        shutil.copytree(two / f"{name}.casekit", folder / f"{name}.casekit")
    _code(folder, "Main", ours)
    _code(folder, "A", a)
    _code(folder, "B", b)
    final: dict[str, dict[tuple[int, str], str]] = {}
    for name in "AB":
        with open_case(folder / f"{name}.casekit") as package, package.read() as s:
            coded = whole_coding(s, range(1, 9))
            final[name] = {(i, f): v for i, own in coded.items() for f, v in own.items()}
    with open_case(folder / "Main.casekit") as main:
        with main.read() as s:
            stood = {
                (i, f): v for i, c in whole_coding(s, range(1, 9)).items() for f, v in c.items()
            }
        for name in "BA" if turned else "AB":
            merge_return(main, folder / f"{name}.casekit")
        head = main.head()
        for name in "AB":
            merge_return(main, folder / f"{name}.casekit")
        assert main.head() == head
        with main.read() as s:
            stands = {
                (i, f): v for i, c in whole_coding(s, range(1, 9)).items() for f, v in c.items()
            }
            listed = {(c.item_id, c.field, c.theirs, c.theirs_by) for c in agreement.conflicts(s)}
        assert stands.items() >= stood.items()  # nothing overwritten
        for name, marks in final.items():
            for (item_id, field), value in marks.items():
                kept = stands.get((item_id, field)) == value
                assert kept or (item_id, field, value, name) in listed


def _insert(package: Case, table: Any, row: dict[str, Any]) -> None:
    """What a reviewer with tools of their own can put into a package's log."""
    with package.write() as s:
        act = Act(s, "forged", "forged")
        act.insert_many(table, [row])
        act.record()


@pytest.mark.parametrize(("reviewer", "coding"), [("Somebody Else", "{}"), ("R. Two", "[]")])
def test_a_forged_done_is_refused_and_nothing_is_merged(
    world: Case, tmp_path: Path, reviewer: str, coding: str
) -> None:
    with packed(world, tmp_path, "p", "R. Two") as package:
        row = {"set_id": 1, "item_id": 5, "reviewer": reviewer, "coding": coding, "at_us": 9}
        _insert(package, review_done, row)
        head = world.head()
        with pytest.raises(CaseKitError, match="nothing was merged"):
            merge_return(world, package.folder)
    assert world.head() == head


def test_values_that_this_case_refuses_are_not_taken(world: Case, tmp_path: Path) -> None:
    with world.write() as s:
        templates.take_usual(s)
    with packed(world, tmp_path, "p", "R. Two") as package:
        _insert(package, item_tier, {"item_id": 5, "tier": "NO SUCH", "by": "R. Two", "at_us": 1})
        _insert(package, note, {"id": 77, "item_id": 6, "part": "nopart", "start": -5, "stop": 10**12,
                                "text": "words", "author": "R. Two", "at_us": 1})  # fmt: skip
        for item_id, value in ((5, "perhaps"), (6, "yes")):
            _insert(package, coding, {"item_id": item_id, "field": "responsive", "value": value,
                                      "by": "R. Two", "at_us": 1})  # fmt: skip
        found = merge_return(world, package.folder)
    assert (found.conflicts, found.notes, found.taken) == (2, 1, 1)
    with world.read() as s:
        assert [(c.field, c.theirs) for c in agreement.conflicts(s)] == [
            ("field:responsive", "perhaps"), ("tier", "NO SUCH"),
        ]  # fmt: skip
        assert whole_coding(s, [5, 6])[6] == {"field:responsive": "yes"}
        (kept,) = items.notes(s, 6)
        assert (kept.text, kept.part, kept.start) == ("words", None, None)
    with world.write() as s:
        for number, value in ((1, "perhaps"), (2, "NO SUCH")):
            with pytest.raises(CaseKitError, match=f"“{value}” is no value that this case offers"):
                reviews.decide(s, [number], "theirs")
        reviews.decide(s, [1, 2], "ours")
    with packed(world, tmp_path, "q", "R. Three") as package:
        _insert(package, tag, {"id": 900, "name": "a//b", "colour": "accent", "key": None})
        _insert(package, item_tag, {"item_id": 5, "tag_id": 900})
        with pytest.raises(CaseKitError, match="a name at every level"):
            merge_return(world, package.folder)
