from __future__ import annotations

import dataclasses
import hashlib
import itertools
import zipfile
from collections.abc import Iterable
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest import ingest
from casekit.ingest.pairing import join_parts
from casekit.jobs.verify import verify
from casekit.ops import items as item_ops
from casekit.queries import facets, items, parts
from casekit.queries.parts import Batches, Job, Line, Shared
from casekit.search import query as parsed_query
from casekit.store.case import Case
from tests.batches import (
    anthropic_answer,
    anthropic_request,
    openai_answer,
    openai_expiry,
    openai_failure,
    openai_job,
    openai_request,
    write_lines,
)

LONG = "batch_6734a0f1c2d88190b5e7a9c3"
OTHER = "batch_77778888999900001111aaaa"


def joins(case: Case) -> dict[str, tuple[set[str], str]]:
    """Of each joined item, by `FILE:LINE`, what it is joined with and the ground."""
    with case.read() as s:
        known = parts.joins(s)
        names = {}
        for item_id in known:
            view = items.view(s, item_id)
            if view.row.kind == "record":
                continue
            line = orjson.loads(view.pointer)[-1].get("line", 0)
            names[item_id] = f"{view.receipts[0].path}:{line}"
    return {
        names[item_id]: ({names[i] for i, (first, _) in known.items() if first == join[0]} - {names[item_id]},
                         join[1])
        for item_id, join in known.items() if join[1] != "alone" and item_id in names
    }  # fmt: skip


def requests(path: Path, *keys: str, model: str = "gpt-4o-mini") -> Path:
    return write_lines(path, [openai_request(key, f"{path.name} {key}?", model) for key in keys])


def answers(path: Path, *keys: str, model: str = "gpt-4o-mini-2024-07-18") -> Path:
    return write_lines(path, [openai_answer(key, f"{path.name} {key}!", model) for key in keys])


# -- whole imports --------------------------------------------------------------------------------


@pytest.mark.parametrize("answers_first", [False, True])
def test_request_and_answer_are_joined_in_whichever_order_they_come(
    case: Case, tmp_path: Path, answers_first: bool
) -> None:
    asked = requests(tmp_path / "in.jsonl", "r-1", "r-2", "r-3")
    answered = answers(tmp_path / "out.jsonl", "r-2", "r-1")
    order = [answered, asked] if answers_first else [asked, answered]
    for path in order:
        ingest(case, [path])
    expected = {
        "in.jsonl:1": ({"out.jsonl:2"}, "custom-id"), "out.jsonl:2": ({"in.jsonl:1"}, "custom-id"),
        "in.jsonl:2": ({"out.jsonl:1"}, "custom-id"), "out.jsonl:1": ({"in.jsonl:2"}, "custom-id"),
    }  # fmt: skip
    assert joins(case) == expected
    for path in order:
        ingest(case, [path])
    assert joins(case) == expected
    assert verify(case).damaged == []


def test_a_pair_lacks_only_what_neither_half_has_and_both_are_found_by_its_model(
    case: Case, tmp_path: Path
) -> None:
    requests(tmp_path / "b" / "in.jsonl", "r-1", "lonely")
    answers(tmp_path / "b" / "out.jsonl", "r-1")
    ingest(case, [tmp_path / "b"])
    query = parsed_query(case, "model:gpt-4o-mini-2024-07-18")
    with case.read() as s:
        asked, lonely, answered = (items.view(s, n) for n in (1, 2, 3))
        assert (asked.completeness, lonely.completeness, answered.completeness) == (
            "", "no-output no-time unjoined", "",
        )  # fmt: skip
        assert asked.joined is not None
        (other,) = asked.joined.others
        assert (other.item_id, other.side, other.path, other.line, other.offset) == (
            3, "answer", "b/out.jsonl", 1, 0,
        )  # fmt: skip
        assert other.sha256 == answered.sha256
        assert sorted(items.item_ids(s, query)) == [1, 3]
        assert facets.models(s) == [facets.Count("gpt-4o-mini-2024-07-18", 2)]


@pytest.mark.parametrize("order", list(itertools.permutations(("in", "out", "err"))))
def test_an_error_file_answers_what_the_output_file_does_not(
    case: Case, tmp_path: Path, order: tuple[str, ...]
) -> None:
    requests(tmp_path / "in.jsonl", "a", "b", "c", "d")
    answers(tmp_path / "out.jsonl", "a")
    write_lines(tmp_path / "err.jsonl", [openai_failure("b"), openai_expiry("c")])
    for name in (*order, *order):  # the second time nothing is new
        ingest(case, [tmp_path / f"{name}.jsonl"])
    assert joins(case) == {
        "in.jsonl:1": ({"out.jsonl:1"}, "custom-id"), "out.jsonl:1": ({"in.jsonl:1"}, "custom-id"),
        "in.jsonl:2": ({"err.jsonl:1"}, "custom-id"), "err.jsonl:1": ({"in.jsonl:2"}, "custom-id"),
        "in.jsonl:3": ({"err.jsonl:2"}, "custom-id"), "err.jsonl:2": ({"in.jsonl:3"}, "custom-id"),
    }  # fmt: skip
    missing = {}
    with case.read() as s:
        for item_id in map(int, items.item_ids(s)):
            view = items.view(s, item_id)
            line = orjson.loads(view.pointer)[-1]["line"]
            missing[f"{view.receipts[0].path}:{line}"] = (
                view.completeness,
                view.exchange.get("error"),
            )
    assert missing == {
        "in.jsonl:1": ("", None), "out.jsonl:1": ("", None),
        "in.jsonl:2": ("no-output no-time", None), "err.jsonl:1": ("no-output no-time", "too_long"),
        "in.jsonl:3": ("no-output no-time", None), "err.jsonl:2": ("no-output no-time", "batch_expired"),
        "in.jsonl:4": ("no-output no-time unjoined", None),
    }  # fmt: skip
    assert verify(case).damaged == []


def test_an_account_on_one_half_finds_both(case: Case, tmp_path: Path) -> None:
    asked = openai_request("r-1", "Why?")
    write_lines(tmp_path / "in.jsonl", [{**asked, "account_id": "acct-7"}])
    answers(tmp_path / "out.jsonl", "r-1")
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    query = parsed_query(case, "account:acct-7")
    with case.read() as s:
        assert sorted(items.item_ids(s, query)) == [1, 2]


def test_an_id_used_by_several_batches_is_joined_only_where_something_tells_them_apart(
    case: Case, tmp_path: Path
) -> None:
    for number in (1, 2):
        requests(tmp_path / "b" / f"in{number}.jsonl", "r-1", "r-2")
        answers(tmp_path / "b" / f"out{number}.jsonl", "r-1", "r-2")
    ingest(case, [tmp_path / "b"])
    assert {why for _, why in joins(case).values()} == {"several"}
    assert all(not others for others, _ in joins(case).values())
    assert len(joins(case)) == 8


def test_the_object_of_a_batch_names_its_files(case: Case, tmp_path: Path) -> None:
    for number in (1, 2):
        requests(tmp_path / "b" / f"file-in{number}.jsonl", "r-1")
        answers(tmp_path / "b" / f"file-out{number}.jsonl", "r-1")
    write_lines(tmp_path / "b" / "jobs.jsonl", [
        openai_job("batch_1", "file-in1", "file-out2"), openai_job("batch_2", "file-in2", "file-out1"),
    ])  # fmt: skip
    ingest(case, [tmp_path / "b"])
    assert joins(case) == {
        "b/file-in1.jsonl:1": ({"b/file-out2.jsonl:1"}, "job"),
        "b/file-out2.jsonl:1": ({"b/file-in1.jsonl:1"}, "job"),
        "b/file-in2.jsonl:1": ({"b/file-out1.jsonl:1"}, "job"),
        "b/file-out1.jsonl:1": ({"b/file-in2.jsonl:1"}, "job"),
    }
    assert verify(case).damaged == []


def test_a_batch_object_that_comes_last_joins_what_was_undecided(
    case: Case, tmp_path: Path
) -> None:
    for number in (1, 2):
        requests(tmp_path / "b" / f"file-in{number}.jsonl", "r-1")
        answers(tmp_path / "b" / f"file-out{number}.jsonl", "r-1")
    ingest(case, [tmp_path / "b"])
    assert {why for _, why in joins(case).values()} == {"several"}
    job = write_lines(tmp_path / "jobs.json", [openai_job("batch_1", "file-in1", "file-out2")])
    ingest(case, [job])
    found = joins(case)
    assert found["b/file-in1.jsonl:1"] == ({"b/file-out2.jsonl:1"}, "job")
    assert found["b/file-in2.jsonl:1"] == (set(), "several")  # its file may have been run twice


def test_names_that_bear_the_id_of_one_batch_tie_files_and_of_two_part_them(
    case: Case, tmp_path: Path
) -> None:
    requests(tmp_path / "b" / f"{LONG}_input.jsonl", "r-1")
    answers(tmp_path / "b" / f"{LONG}_output.jsonl", "r-1")
    answers(tmp_path / "b" / f"{OTHER}_output.jsonl", "r-1")
    ingest(case, [tmp_path / "b"])
    assert joins(case) == {
        f"b/{LONG}_input.jsonl:1": ({f"b/{LONG}_output.jsonl:1"}, "batch-id"),
        f"b/{LONG}_output.jsonl:1": ({f"b/{LONG}_input.jsonl:1"}, "batch-id"),
        f"b/{OTHER}_output.jsonl:1": (set(), "several"),
    }


def test_anthropic_s_requests_in_one_document_are_joined_with_their_results(
    case: Case, tmp_path: Path
) -> None:
    document = {"requests": [anthropic_request("a", "Why?"), anthropic_request("b", "How?")]}
    write_lines(tmp_path / "requests.json", [document])
    write_lines(
        tmp_path / "results.jsonl", [anthropic_answer("b", "So."), anthropic_answer("a", "Yes.")]
    )
    ingest(case, [tmp_path / "requests.json"])
    ingest(case, [tmp_path / "results.jsonl"])
    with case.read() as s:
        pairs = {
            items.view(s, i).text("prompt"): items.view(s, first).text("output")
            for i, first in [(1, 4), (2, 3)]
        }
        assert parts.joins(s) == {1: (1, "custom-id"), 4: (1, "custom-id"),
                                  2: (2, "custom-id"), 3: (2, "custom-id")}  # fmt: skip
    assert pairs == {"Why?": "Yes.", "How?": "So."}


def test_the_same_file_received_loose_and_in_an_archive_is_one(case: Case, tmp_path: Path) -> None:
    asked = requests(tmp_path / "in.jsonl", "r-1")
    answered = answers(tmp_path / "out.jsonl", "r-1")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(asked, "in.jsonl")
    for path in (asked, answered, tmp_path / "all.zip"):
        ingest(case, [path])
    with case.read() as s:
        assert parts.joins(s) == dict.fromkeys((1, 2, 3), (1, "custom-id"))


def test_requests_cut_off_are_not_joined_by_their_ids_alone(case: Case, tmp_path: Path) -> None:
    whole = requests(tmp_path / "whole.jsonl", *(f"r-{n}" for n in range(9))).read_bytes()
    (tmp_path / "in.jsonl").write_bytes(whole[: len(whole) // 2])
    answers(tmp_path / "out.jsonl", *(f"r-{n}" for n in range(9)))
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    assert {why for _, why in joins(case).values()} == {"differs"}


def test_one_damaged_line_costs_no_other_its_answer(case: Case, tmp_path: Path) -> None:
    lines = requests(tmp_path / "whole.jsonl", "a", "b", "c").read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"body":', b'"body"')
    (tmp_path / "in.jsonl").write_bytes(b"".join(lines))
    answers(tmp_path / "out.jsonl", "a", "b", "c")
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    assert joins(case).keys() == {"in.jsonl:1", "in.jsonl:3", "out.jsonl:1", "out.jsonl:3"}


def test_hostile_ids_join_nothing_and_stop_nothing(case: Case, tmp_path: Path) -> None:
    keys = ["", "x" * 100_000, "\x00", "%", "same", "same"]
    write_lines(tmp_path / "in.jsonl", [openai_request(k, f"{n}?") for n, k in enumerate(keys)])
    strange = [{**openai_answer("same", "A"), "custom_id": each} for each in (None, ["a"], True)]
    write_lines(tmp_path / "out.jsonl", [*(openai_answer(k, k[:9]) for k in keys), *strange])
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    found = joins(case)
    assert [found[f"in.jsonl:{n}"][1] for n in (5, 6)] == ["several", "several"]
    assert verify(case).damaged == []


def test_an_import_that_was_cut_short_leaves_its_joins_to_the_next(
    case: Case, tmp_path: Path
) -> None:
    asked, answered = requests(tmp_path / "in.jsonl", "a"), answers(tmp_path / "out.jsonl", "a")
    ingest(case, [asked, answered])
    with case.write() as s:
        item_ops.set_joins(s, {})
        item_ops.start_run(s, "[]", "none")  # never finished
    (tmp_path / "note.txt").write_text("Dear Helen")
    ingest(case, [tmp_path / "note.txt"])
    assert joins(case).keys() == {"in.jsonl:1", "out.jsonl:1"}


# -- rows and runs over several files -------------------------------------------------------------


def row(number: int, text: str, key: str = "0f8e-1") -> dict[str, object]:
    return {
        "TimeGenerated": "2026-01-01T10:00:00Z", "OperationName": "ChatCompletions_Create",
        "CorrelationId": key, "SequenceNumber": number, "ModelName": "gpt-4o", "RequestMessages": text,
        "PromptTokens": 3,
    }  # fmt: skip


def test_rows_of_one_message_in_the_files_of_two_hours_are_joined(
    case: Case, tmp_path: Path
) -> None:
    first = '[{"role":"user","content":"Tell me'
    write_lines(tmp_path / "h=10.json", [row(0, first), row(0, "[]", "0f8e-2")])
    write_lines(tmp_path / "h=11.json", [row(1, ' all of it."}]')])
    for name in ("h=11.json", "h=10.json"):
        ingest(case, [tmp_path / name])
    with case.read() as s:
        assert parts.joins(s) == {1: (1, "id"), 2: (1, "id")}
        later, begun = items.view(s, 1), items.view(s, 2)
    assert later.exchange["completeness"] == "no-output truncated"
    assert (later.completeness, begun.completeness) == ("no-output", "no-output")
    assert later.joined is not None
    assert [(o.side, o.path, o.line) for o in later.joined.others] == [("rows", "h=10.json", 1)]


def test_a_row_that_is_in_no_file_leaves_the_message_cut(case: Case, tmp_path: Path) -> None:
    write_lines(tmp_path / "h=10.json", [row(0, '[{"role":"user",')])
    write_lines(tmp_path / "h=12.json", [row(2, '"content":"x"}]')])
    for name in ("h=10.json", "h=12.json"):
        ingest(case, [tmp_path / name])
    with case.read() as s:
        assert items.view(s, 1).completeness == "no-output truncated"


def test_a_run_that_was_posted_in_one_file_and_patched_in_another_is_joined(
    case: Case, tmp_path: Path
) -> None:
    run = "fe8ffecb-72ce-4cd2-bdb7-000000000001"
    post = {
        "id": run, "run_type": "llm", "name": "chat", "start_time": "2024-10-11T20:58:20.695375+00:00",
        "dotted_order": f"20241011T205820695375Z{run}",
        "inputs": {"messages": [{"role": "user", "content": "Hi"}]},
    }  # fmt: skip
    patch = {
        "id": run, "dotted_order": post["dotted_order"], "end_time": "2024-10-11T20:58:21.695375+00:00",
        "outputs": {"choices": [{"message": {"role": "assistant", "content": "Yo"}}]},
    }  # fmt: skip
    for name, record in (("1.jsonl", post), ("2.jsonl", patch)):
        ingest(case, [write_lines(tmp_path / name, [record])])
    with case.read() as s:
        assert parts.joins(s) == {1: (1, "id"), 2: (1, "id")}
        assert items.view(s, 2).completeness == ""


# -- the rule alone -------------------------------------------------------------------------------


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def lines(
    files: Iterable[tuple[str, str, Iterable[str]]], model: str = "", sent: int | None = None
) -> list[Line]:
    """(file, side, keys) in order of import."""
    found: list[Line] = []
    for name, side, keys in files:
        for key in keys:
            number = len(found) + 1
            digest = sha(f"{name} {side} {key}")
            found.append(
                Line(number, "openai-batch", side, key, model, None, sent, digest, sha(name))
            )
    return found


def batches_of(found: list[Line], names: dict[str, str], jobs: Iterable[Job] = ()) -> Batches:
    by_file: dict[bytes, set[str]] = {line.file: set() for line in found}
    for file, name in names.items():
        by_file.setdefault(sha(file), set()).add(name)
    return Batches(found, list(jobs), by_file, dict.fromkeys(by_file, 0))


def pairs(batches: Batches, shared: Iterable[Shared] = ()) -> set[tuple[frozenset[bytes], str]]:
    """The joins by the bytes of what they join, whatever the items' numbers."""
    by_id = {line.item_id: line.sha256 for line in batches.lines}
    groups: dict[int, tuple[set[bytes], str]] = {}
    for item_id, join in join_parts(batches, shared).items():
        if item_id in {job.item_id for job in batches.jobs}:
            continue
        groups.setdefault(join.first, (set(), join.ground))[0].add(by_id[item_id])
    return {(frozenset(members), ground) for members, ground in groups.values()}


KEYS = st.frozensets(st.sampled_from("abcd"), min_size=1)
RUNS = st.lists(st.tuples(KEYS, KEYS, st.booleans()), min_size=1, max_size=4)


@given(RUNS, st.randoms(use_true_random=False))
def test_the_order_of_import_does_not_matter_and_no_join_is_wrong(
    runs: list[tuple[frozenset[str], frozenset[str], bool]], random: object
) -> None:
    files, jobs, truth = [], [], set()
    for number, (keys, failed, told) in enumerate(runs):
        done = keys - failed
        files.append((f"in{number}", "request", sorted(keys)))
        files.append((f"out{number}", "answer", sorted(done)))
        truth |= {
            frozenset({sha(f"in{number} request {key}"), sha(f"out{number} answer {key}")})
            for key in done
        }
        if told:
            jobs.append(
                Job(900 + number, f"batch_{number}", f"file-i{number}", (f"file-o{number}",))
            )
    names = {f"in{n}": f"file-i{n}.jsonl" for n in range(len(runs))}
    names |= {f"out{n}": f"file-o{n}.jsonl" for n in range(len(runs))}
    found = pairs(batches_of(lines(files), names, jobs))
    random.shuffle(files)  # type: ignore[attr-defined]
    assert pairs(batches_of(lines(files), names, jobs)) == found
    assert {members for members, ground in found if ground not in parts.UNJOINED} <= truth
    told = {members for members, ground in found if ground == "job"}
    known = {number for number, (_, _, said) in enumerate(runs) if said}
    assert told == {
        frozenset({sha(f"in{n} request {key}"), sha(f"out{n} answer {key}")})
        for n in known
        for key in runs[n][0] - runs[n][1]
    }


def test_the_same_input_run_twice_has_two_answers() -> None:
    files = [("in", "request", "a"), ("out1", "answer", "a"), ("out2", "answer", "a")]
    jobs = [Job(90 + n, f"batch_{n}", "file-in", (f"file-out{n}",)) for n in (1, 2)]
    names = {"in": "file-in.jsonl", "out1": "file-out1.jsonl", "out2": "file-out2.jsonl"}
    found = join_parts(batches_of(lines(files), names, jobs), ())
    assert {i: j for i, j in found.items() if i < 90} == dict.fromkeys((1, 2, 3), (1, "job"))


@pytest.mark.parametrize(
    ("asked", "answered", "ground"),
    [
        ("gpt-4o-mini", "gpt-4o-mini-2024-07-18", "custom-id"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022", "custom-id"),
        (
            "our-deployment",
            "gpt-4o-2024-08-06",
            "custom-id",
        ),  # Azure's deployments have names of their own
        ("gpt-4o-mini", "gpt-4o-2024-08-06", "differs"),
        ("o3-mini", "gpt-4o", "differs"),
    ],
)
def test_an_answer_of_another_model_is_not_the_request_s(
    asked: str, answered: str, ground: str
) -> None:
    first, second = lines([("in", "request", "a"), ("out", "answer", "a")])
    both = [dataclasses.replace(first, model=asked), dataclasses.replace(second, model=answered)]
    assert {join.ground for join in join_parts(batches_of(both, {}), ()).values()} == {ground}


def test_an_answer_before_its_request_or_with_another_prompt_is_none() -> None:
    asked, answered = lines([("in", "request", "a"), ("out", "answer", "a")])
    late = [dataclasses.replace(asked, sent_us=5), dataclasses.replace(answered, sent_us=4)]
    other = [
        dataclasses.replace(asked, prompt_sha256=sha("x")),
        dataclasses.replace(answered, prompt_sha256=sha("y")),
    ]
    for both in (late, other):
        assert {j.ground for j in join_parts(batches_of(both, {}), ()).values()} == {"differs"}


def test_a_prompt_that_is_said_again_tells_batches_apart() -> None:
    found = lines([("in1", "request", "a"), ("in2", "request", "a"), ("out1", "answer", "a"),
                   ("out2", "answer", "a")])  # fmt: skip
    said = [
        dataclasses.replace(line, prompt_sha256=sha(p))
        for line, p in zip(found, "xyyx", strict=True)
    ]
    assert join_parts(batches_of(said, {}), ()) == {
        1: (1, "prompt"), 4: (1, "prompt"), 2: (2, "prompt"), 3: (2, "prompt"),
    }  # fmt: skip


def test_very_many_files_with_one_key_are_left_unless_something_ties_them() -> None:
    files = [(f"in{n}", "request", "a") for n in range(40)] + [
        (f"out{n}", "answer", "a") for n in range(40)
    ]
    job = Job(900, "batch_7", "file-in7", ("file-out7",))
    names = {"in7": "file-in7.jsonl", "out7": "file-out7.jsonl"}
    found = join_parts(batches_of(lines(files), names, [job]), ())
    assert {i: j for i, j in found.items() if j.ground == "job" and i < 900} == {
        8: (8, "job"),
        48: (8, "job"),
    }
    assert {j.ground for i, j in found.items() if i not in (8, 48, 900)} == {"several"}


def test_parts_with_one_id_are_joined_unless_they_are_the_same_bytes() -> None:
    shared = [Shared(1, "apim", "x", sha("1")), Shared(2, "apim", "x", sha("2")),
              Shared(3, "apim", "y", sha("3")), Shared(4, "apim", "y", sha("3")),
              Shared(5, "langsmith", "x", sha("5"))]  # fmt: skip
    assert join_parts(Batches([], [], {}, {}), shared) == {1: (1, "id"), 2: (1, "id")}


def test_files_named_after_two_batches_are_not_of_one() -> None:
    files = [("in", "request", "a"), ("out", "answer", "a")]
    names = {"in": f"{LONG}_input.jsonl", "out": f"{OTHER}_output.jsonl"}
    assert {j.ground for j in join_parts(batches_of(lines(files), names), ()).values()} == {
        "differs"
    }
    plain = {"in": "batch_requests.jsonl", "out": "batch_results.jsonl"}  # words, and no ids
    assert {j.ground for j in join_parts(batches_of(lines(files), plain), ()).values()} == {
        "custom-id"
    }


def test_an_answer_that_two_batches_claim_is_joined_with_neither_request() -> None:
    files = [("in1", "request", "a"), ("in2", "request", "a"), ("out", "answer", "a")]
    jobs = [Job(90 + n, f"batch_{n}", f"file-in{n}", ("file-out",)) for n in (1, 2)]
    names = {"in1": "file-in1.jsonl", "in2": "file-in2.jsonl", "out": "file-out.jsonl"}
    found = join_parts(batches_of(lines(files), names, jobs), ())
    assert {i: j for i, j in found.items() if i < 90} == {n: (n, "several") for n in (1, 2, 3)}
