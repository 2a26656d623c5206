from pathlib import Path

import pytest

from casekit.ops import items as item_ops
from casekit.ops.items import Filed, Received
from casekit.queries import problems
from casekit.queries.facets import Count
from casekit.queries.problems import ProblemFilter
from casekit.store.case import Case
from tests.builders import file_items, make_item


def trouble(stage: str, kind: str, path: str, **place: int) -> item_ops.Row:
    text = f"{kind} in {path}"
    empty = {"line": None, "offset": None, "length": None}
    return {"path": path, "stage": stage, "kind": kind, "text": text, **empty, **place}


@pytest.fixture
def known(case: Case, tmp_path: Path) -> dict[str, bytes]:
    """Three originals with problems of several kinds; the last one's reading broke off."""
    found = {}
    for name, state, troubles in (
        ("a.jsonl", "read", [trouble("parse", "bad-json", "a.jsonl", line=3, offset=40, length=9)]),
        ("b.jsonl", "read", [trouble("parse", "bad-json", "b.jsonl"),
                             trouble("receive", "supplied-hash-differs", "b.jsonl")]),
        ("c.pdf", "failed", [trouble("worker", "hung", "c.pdf")]),
    ):  # fmt: skip
        source = tmp_path / name
        source.write_text(name)
        deposit = case.vault.deposit(source)
        received = Received(deposit.sha256, deposit.size, "", {"path": name})
        with case.write() as s:
            run = item_ops.start_run(s, "[]", "none")
            item_ops.file_batch(
                s, run, [received], [Filed(deposit.sha256, "x", state)],
                [(deposit.sha256, row) for row in troubles],
            )  # fmt: skip
        found[name] = deposit.sha256
    return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ProblemFilter(), [1, 2, 3, 4]),
        (ProblemFilter(stage="parse"), [1, 2]),
        (ProblemFilter(kind="hung"), [4]),
        (ProblemFilter(path="B.JSON"), [2, 3]),
        (ProblemFilter(path="%"), []),
        (ProblemFilter(run_id=1), [1]),
        (ProblemFilter(stage="parse", path="c"), []),
    ],
)
@pytest.mark.usefixtures("known")
def test_they_are_chosen_by_stage_cause_file_and_run(
    case: Case, wanted: ProblemFilter, expected: list[int]
) -> None:
    with case.read() as s:
        assert [p.id for p in problems.problems(s, wanted)] == expected
        assert problems.count(s, wanted) == len(expected)
        assert [p.id for p in problems.problems(s, wanted, after=1, limit=2)] == [
            id_ for id_ in expected if id_ > 1
        ][:2]


def test_they_are_counted_by_what_they_have_in_common(case: Case, known: dict[str, bytes]) -> None:
    with case.read() as s:
        assert problems.by(s, "kind") == [
            Count("bad-json", 2), Count("hung", 1), Count("supplied-hash-differs", 1),
        ]  # fmt: skip
        assert problems.by(s, "path", ProblemFilter(stage="parse")) == [
            Count("a.jsonl", 1), Count("b.jsonl", 1),
        ]  # fmt: skip
        (first, *_) = problems.problems(s)
        with pytest.raises(ValueError, match="text"):
            problems.by(s, "text")
    assert (first.original_sha256, first.line, first.offset, first.length) == (
        known["a.jsonl"], 3, 40, 9,
    )  # fmt: skip


def test_what_was_read_again_settles_what_came_before(case: Case, known: dict[str, bytes]) -> None:
    with case.write() as s:
        run = item_ops.start_run(s, "[]", "none")
        item_ops.file_batch(
            s, run, [], [Filed(known["c.pdf"], "pdf", "read")],
            [(known["b.jsonl"], trouble("parse", "bad-json", "b.jsonl"))],
            [known["b.jsonl"], known["a.jsonl"]],
        )  # fmt: skip
    with case.read() as s:
        assert [p.id for p in problems.problems(s)] == [3, 5]  # the hash differs for good
        assert problems.count(s, ProblemFilter(settled=True)) == 5


def test_a_fault_that_came_again_is_told_once(case: Case, known: dict[str, bytes]) -> None:
    with case.write() as s:
        run = item_ops.start_run(s, "[]", "none")
        item_ops.file_batch(
            s, run, [], [], [(known["c.pdf"], trouble("worker", "crashed", "c.pdf"))]
        )  # fmt: skip
    with case.read() as s:
        assert [p.kind for p in problems.problems(s, ProblemFilter(stage="worker"))] == ["crashed"]


def test_an_item_that_was_read_keeps_its_problem_and_one_only_kept_does_not(
    case: Case, tmp_path: Path
) -> None:
    kept, read, inside = make_item("kept", "file"), make_item("read"), make_item("inside", "file")
    read.children = [inside]
    for head in (kept, read, inside):
        head.problems = [trouble("open", "encrypted", head.columns["title"])]
    sha256 = file_items(case, [kept, read], tmp_path)
    with case.write() as s:
        run = item_ops.start_run(s, "[]", "none")
        item_ops.file_batch(s, run, [], [], [], [sha256])
    with case.read() as s:
        assert [p.path for p in problems.problems(s)] == ["read", "inside"]
        assert [p.path for p in problems.of_item(s, 1)] == ["kept"]


def test_what_may_be_read_again_is_what_broke_off_was_kept_or_is_asked_for(
    case: Case, known: dict[str, bytes], tmp_path: Path
) -> None:
    kept = file_items(case, [make_item("kept", "file")], tmp_path, "kept.pst")
    file_items(case, [make_item("whole")], tmp_path, "whole.txt")
    with case.read() as s:
        every = problems.unread(s)
        assert [(u.path, u.state, u.filed) for u in every] == [
            ("a.jsonl", "read", 0), ("b.jsonl", "read", 0), ("c.pdf", "failed", 0),
            ("kept.pst", "read", 1),
        ]  # fmt: skip
        assert [u.sha256 for u in every] == [*known.values(), kept]
        assert [u.path for u in problems.unread(s, ProblemFilter(stage="worker"))] == ["c.pdf"]
        assert problems.unread(s, ProblemFilter(stage="receive")) == []


@pytest.mark.parametrize(
    ("path", "form", "kind", "line", "counted"),
    [
        ("a.jsonl", "jsonl", "bad-json", 1, "file"),
        ("a.gz!unpacked", "gzip", "bad-json", 1, "unpacked"),
        ("a.zip!b/c.gz/unpacked", "zip", "bad-json", 1, "unpacked"),
        ("a.zip!b/c.jsonl", "zip", "bad-json", 1, "inner"),
        ("a.gz", "gzip", "bad-json", 1, "unpacked"),
        ("a.gz", "gzip", "trailing-bytes", 1, "file"),
        ("a.gz!unpacked", "gzip", "encrypted", None, ""),
    ],
)
def test_a_place_says_in_which_bytes_it_is_counted(
    path: str, form: str, kind: str, line: int | None, counted: str
) -> None:
    row = problems.ProblemRow(1, 1, None, b"", form, path, "parse", kind, "", line, None, None)
    assert row.counted == counted
