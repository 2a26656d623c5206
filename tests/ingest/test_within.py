from __future__ import annotations

import gzip

import msgspec

from casekit.ingest.filing import new_item
from casekit.ingest.parsed import Context, Parsed, Problem
from casekit.ingest.reading import format_of, read_any
from casekit.ingest.within import within
from tests.evidence import mail
from tests.ingest.documents import zipped


def item(*children: Parsed, problems: tuple[Problem, ...] = ()) -> Parsed:
    return Parsed("file", "other", "f", (), b"", 0, problems=problems, children=children)


def found(data: bytes, name: str) -> tuple[list[Parsed], list[Problem]]:
    every = list(read_any(data, Context(name=name), format_of(data, name)))
    return (
        [each for each in every if isinstance(each, Parsed)],
        [each for each in every if isinstance(each, Problem)],
    )


def test_the_way_to_a_problem_grows_from_inside() -> None:
    problem = Problem("parse", "x", "X.", offset=3)
    inner = within(problem, "a.jsonl")
    assert within(within(inner, "unpacked"), "b.gz").path == "b.gz/unpacked/a.jsonl"
    assert within(problem, "") == problem


def test_a_family_is_named_as_a_whole_and_one_without_problems_is_left_alone() -> None:
    quiet = item(item())
    assert within(quiet, "a") is quiet
    problem = Problem("parse", "x", "X.")
    told = within(item(item(problems=(problem,)), problems=(problem,)), "a")
    assert (told.problems[0].path, told.children[0].problems[0].path) == ("a", "a")


def test_a_problem_in_packed_bytes_says_so() -> None:
    bad = b'{"prompt": "p", "output": "o"}\n{"prompt": \n'
    packed = gzip.compress(bad, mtime=0)
    for data, name, path in (
        (bad, "a.jsonl", ""),
        (packed, "a.jsonl.gz", "unpacked"),
        (gzip.compress(packed, mtime=0), "a.gz.gz", "unpacked/unpacked"),
        (zipped({"in/a.gz": packed}), "a.zip", "in/a.gz/unpacked"),
        (gzip.compress(zipped({"a.jsonl": bad}), mtime=0), "a.zip.gz", "unpacked/a.jsonl"),
    ):
        (problem,) = [each for each in found(data, name)[1] if each.kind == "bad-json"]
        assert (problem.path, problem.line, problem.offset) == (
            path,
            2,
            bad.index(b'{"prompt": \n'),
        )


def test_what_is_wrong_with_the_packing_is_counted_in_the_file() -> None:
    packed = gzip.compress(b"text " * 9, mtime=0)
    (problem,) = found(packed + b"behind", "a.gz")[1][:1]
    assert (problem.kind, problem.path, problem.offset) == ("trailing-bytes", "", len(packed))


def test_a_problem_of_an_attachment_names_it() -> None:
    locked = bytearray(zipped({"a.txt": b"text"}))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] = 1
    (sent,), _ = found(mail(1, attachment=bytes(locked), name="box.zip"), "m.eml")
    (child,) = sent.children
    assert [(each.kind, each.path) for each in child.problems] == [("encrypted", "box.zip/a.txt")]
    row = new_item(msgspec.structs.replace(sent, children=(child,)), "folder/m.eml").children[0]
    assert row.problems[0]["path"] == "folder/m.eml!box.zip/a.txt"
