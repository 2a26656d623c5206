from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import clawback
from casekit.jobs.originals import raw_bytes
from casekit.jobs.review_package import Contents, pack
from casekit.jobs.verify import verify
from casekit.ops import notes, privilege, reviews, tags
from casekit.ops.clawback import Notice
from casekit.queries import items
from casekit.queries.reviews import packages, set_items, sets
from casekit.store.case import Case, open_case
from tests.review_case import MAIL, fill, packed


@pytest.fixture
def world(case: Case, tmp_path: Path) -> Case:
    return fill(case, tmp_path)


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def test_a_package_holds_the_set_and_nothing_else(world: Case, tmp_path: Path) -> None:
    with world.write() as s:
        reviews.make_set(s, "some", [5, 2, 7], query="id:2 OR id:5")
        tags.add_tag(s, [1], "hot")
        notes.add_note(s, 5, "Look")
    out = tmp_path / "out" / "some"
    out.parent.mkdir()
    held, changes = pack(world, "some", out, " R.  Two ")
    assert held == Contents("some", 3, 1, 0, 0, 0, 1, 2, 0, False)
    assert changes.label == "Review package of 4 items packed for R. Two"
    with open_case(tmp_path / "out" / "some.casereview") as package:
        assert verify(package).ok
        with package.read() as s:
            rows = items.rows(s, items.item_ids(s, order="id"))
            assert [row.title for row in rows] == ["Mail 1", "f1.txt", "Ask 0", "Ask 2"]
            assert rows[0].tags == ("hot",)
            assert [n.text for n in items.notes(s, 3)] == ["Look"]
            (row,) = sets(s)
            assert (row.name, row.total) == ("some", 3)
            assert set_items(s, row.id).tolist() == [3, 2, 4]
        assert raw_bytes(package, 3) == raw_bytes(world, 5)
        assert raw_bytes(package, 1) == raw_bytes(world, 1)
    left = everything(tmp_path / "out" / "some.casekit")
    assert b"Ask 2" in left
    assert b"Ask 1" not in left
    assert b"Mail 2" not in left
    with world.read() as s:
        (row_out,) = packages(s)
        assert (row_out.recipient, row_out.items, row_out.merged) == ("R. Two", 4, False)


def test_what_is_sequestered_or_tells_of_it_never_goes(world: Case, tmp_path: Path) -> None:
    quoting = MAIL.format(n=3).replace("Text number 3", "> Text number 1, of matter 1.\nSo")
    (tmp_path / "3.eml").write_text(quoting.replace("Subject", "References: <1@x>\nSubject"))
    ingest(world, [tmp_path / "3.eml"])
    with world.write() as s:
        reviews.make_set(s, "more", [*range(1, 10), 10, 11])
    clawback.receive(world, Notice("Them", ["item 1", "item 6"], reference="letter"))
    (tmp_path / "out").mkdir()
    held, _ = pack(world, "more", tmp_path / "out" / "p", "R. Two")
    assert (held.items, held.families) == (6, 0)
    with open_case(tmp_path / "out" / "p.casereview") as package, package.read() as s:
        titles = [row.title for row in items.rows(s, items.item_ids(s, order="id"))]
    assert titles == ["Mail 2", "f2.txt", "Ask 0", "Ask 2", "Ask 3", "Ask 4"]
    left = everything(tmp_path / "out" / "p.casekit")
    for secret in (b"Text number 1", b"Mail 1", b"Attached to 1", b"Ask 1", b"Answer 1"):
        assert secret not in left
    assert b"Answer 2" in left


def test_privileged_items_go_only_where_it_was_said(world: Case, tmp_path: Path) -> None:
    with world.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client")
    with pytest.raises(CaseKitError, match="2 items of it are withheld as privileged"):
        pack(world, "all", tmp_path / "a", "R")
    assert not (tmp_path / "a.casereview").exists()
    without, _ = pack(world, "all", tmp_path / "a", "R", privileged="without")
    assert (without.items, without.left_out, without.privileged) == (6, 2, 0)
    assert b"Text number 1" not in everything(open_case(tmp_path / "a.casereview").folder)
    held, _ = pack(world, "all", tmp_path / "b", "R", privileged="with")
    assert (held.items, held.privileged) == (8, 2)


def test_what_cannot_be_packed_is_refused(world: Case, tmp_path: Path) -> None:
    for name, who, says in (("all", " ", "by name"), ("x", "R", "no review set")):
        with pytest.raises(CaseKitError, match=says):
            pack(world, name, tmp_path / "a", who)
    (tmp_path / "there.casereview").write_text("")
    with pytest.raises(CaseKitError, match="already there"):
        pack(world, "all", tmp_path / "there", "R")
    with pytest.raises(CaseKitError, match="could not be written"):
        pack(world, "all", tmp_path / "none" / "a", "R")
    with world.write() as s:
        reviews.mark_done(s, 1, [1])
        reviews.draw_second(s, 1, 50, 3, "R. Two")
    with pytest.raises(CaseKitError, match="somebody else's"):
        pack(world, "all, second review", tmp_path / "a", "Test Examiner")
    with world.read() as s:
        assert packages(s) == []


def test_a_reviewers_own_batches_go_and_a_second_review_is_blind(
    world: Case, tmp_path: Path
) -> None:
    with world.write() as s:
        reviews.assign(s, 1, ["A", "B"])
        tags.add_tag(s, range(1, 9), "hot")
        notes.add_note(s, 1, "secretremark")
        privilege.clear_items(s, range(1, 9))
        reviews.mark_done(s, 1, range(1, 9))
        reviews.draw_second(s, 1, 100, 3, "C")
    assert pack(world, "all", tmp_path / "a", "A")[0].items == 4
    assert pack(world, "all", tmp_path / "b", "B")[0].items == 4
    with packed(world, tmp_path, "c", "C", "all, second review") as package:
        assert verify(package).ok
        with package.read() as s:
            rows = items.rows(s, items.item_ids(s, order="id"))
            assert {row.tags for row in rows} == {()}
            assert {row.review for row in rows} == {"undecided", "not-applicable"}
        assert b"secretremark" not in everything(package.folder)
