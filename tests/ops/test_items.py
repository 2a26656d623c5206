from pathlib import Path

from casekit.ops import items as ops
from casekit.ops.items import Filed, Received, item_digest
from casekit.queries import items, problems
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail, sha


def test_families_are_filed_in_order_with_ids_never_reused(case: Case, tmp_path: Path) -> None:
    mail = make_mail("letter", "a@x.example", "b@x.example", 7)
    mail.children = [make_item("inner")]
    mail.children[0].children = [make_item("innermost")]
    file_items(case, [make_item("first"), mail], tmp_path, custodian="Helen Marsh")
    with case.read() as s:
        rows = items.rows(s, [1, 2, 3, 4])
        view = items.view(s, 2)
    assert [(r.id, r.title, r.parent_id, r.root_id, r.children) for r in rows] == [
        (1, "first", None, 1, 0),
        (2, "letter", None, 2, 1),
        (3, "inner", 2, 2, 1),
        (4, "innermost", 3, 2, 0),
    ]
    assert (view.parties, view.mail["headers"], view.receipts[0].custodian) == (
        (("from", "", "a@x.example"), ("to", "", "b@x.example")),
        [["Subject", "letter"]],
        "Helen Marsh",
    )
    assert [r.id for r in view.family] == [2, 3, 4]


def test_the_same_original_from_two_custodians_is_one_with_two_receipts(
    case: Case, tmp_path: Path
) -> None:
    original = file_items(case, [make_item()], tmp_path, custodian="A")
    with case.write() as s:
        run = ops.start_run(s, "[]", "none")
        ops.file_batch(s, run, [Received(original, 3, "B", {"path": "copy"})], [])
    with case.read() as s:
        assert [r.custodian for r in items.view(s, 1).receipts] == ["A", "B"]
        assert ops.known_originals(s, [original, bytes(32)]) == {original: ("read", 1)}


def test_problems_are_kept_with_their_place(case: Case, tmp_path: Path) -> None:
    original = file_items(case, [make_item()], tmp_path)
    row = {
        "path": "a!b",
        "stage": "frame",
        "kind": "bad-json",
        "text": "Not JSON.",
        "line": 3,
        "offset": 9,
        "length": 4,
    }
    with case.write() as s:
        run = ops.start_run(s, "[]", "none")
        ops.file_batch(
            s, run, [], [Filed(original, "jsonl", "failed")], [(original, row), (b"", row)]
        )
    with case.read() as s:
        assert [(p.path, p.line, p.offset, p.item_id) for p in problems.problems(s)] == [
            ("a!b", 3, 9, None)
        ] * 2


def test_threads_can_be_set_anew(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_mail(f"m{n}", "a@x.example", "b@x.example") for n in range(2)], tmp_path)
    with case.write() as s:
        ops.set_threads(s, {1: 1, 2: 2})
        ops.set_threads(s, {1: 1, 2: 1})
    with case.read() as s:
        assert items.view(s, 2).thread_id == 1


def test_a_digest_depends_on_everything_but_ids() -> None:
    new = make_exchange("Why?", "Because.", "m")
    plain = item_digest(sha(b"o"), b"", new.columns, new.texts, (), None, new.exchange)
    others = {
        item_digest(sha(b"p"), b"", new.columns, new.texts, (), None, new.exchange),
        item_digest(sha(b"o"), b"x", new.columns, new.texts, (), None, new.exchange),
        item_digest(sha(b"o"), b"", {**new.columns, "pages": 1}, new.texts, (), None, new.exchange),
        item_digest(sha(b"o"), b"", new.columns, new.texts[:1], (), None, new.exchange),
        item_digest(sha(b"o"), b"", new.columns, new.texts, [("to", "", "x")], None, new.exchange),
        item_digest(sha(b"o"), b"", new.columns, new.texts, (), {"mih": "x"}, new.exchange),
        item_digest(sha(b"o"), b"", new.columns, new.texts, (), None, {**new.exchange, "seed": 1}),
    }
    assert len(others | {plain}) == 8
