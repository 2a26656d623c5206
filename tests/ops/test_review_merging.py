from pathlib import Path

from casekit.ops import privilege, reviews
from casekit.ops.review_merging import Back, Done, Mark, NewNote, merge
from casekit.ops.review_packages import record_package
from casekit.queries import agreement, items
from casekit.queries.whole_coding import whole_coding
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail


def test_each_reviewer_is_an_act_and_no_words_on_privilege_are_lost(
    case: Case, tmp_path: Path
) -> None:
    mail = make_mail("Letter", "a@x", "b@x", 7)
    mail.children = [make_item("Attached")]
    file_items(case, [mail, make_item("c"), make_item("d")], tmp_path)
    with case.write() as s:
        reviews.make_set(s, "all", [1, 2, 3, 4])
        record_package(s, "u", 1, "A", (5, bytes(32)), [1, 3, 4], {}, "00")
        privilege.clear_items(s, [3])
        back = Back(
            1, 1, None, 9, "00",
            [
                Mark(1, "privilege", "other", "A", 1),
                Mark(3, "privilege", "other", "B", 2),
                Mark(3, "privilege-note", "Memo", "B", 2),
                Mark(4, "tag:new", "yes", "B", 3, "hot"),
            ],
            [NewNote(4, None, None, None, "Why", "A", 5), NewNote(4, None, None, None, "Why", "B", 5)],
            [Done(4, "B", {"tag:new": "yes"}, 6, "B")],
        )  # fmt: skip
        found = merge(s, back)
        again = merge(s, back)
    assert [c.label for c in found.acts] == ["Review by A merged", "Review by B merged"]
    assert again.acts == []
    assert (found.taken, found.conflicts, found.notes, found.done) == (2, 2, 2, 1)
    with case.read() as s:
        coded = whole_coding(s, [1, 2, 3, 4])
        # the family that was not in the package is withheld with its head
        assert coded == {
            1: {"privilege": "other"}, 2: {"privilege": "other"},
            3: {"privilege": "not-privileged"}, 4: {"tag:new": "yes"},
        }  # fmt: skip
        listed = [(c.item_id, c.field, c.theirs) for c in agreement.conflicts(s)]
        assert listed == [(3, "privilege", "other"), (3, "privilege-note", "Memo")]
        assert [n.author for n in items.notes(s, 4)] == ["A", "B"]
    with case.write() as s:
        reviews.decide(s, [2, 1], "theirs")
        assert whole_coding(s, [3]) == {3: {"privilege": "other", "privilege-note": "Memo"}}
