from __future__ import annotations

from pathlib import Path

from casekit.ingest import ingest
from casekit.ops.times import decide_time
from casekit.queries import parts
from casekit.queries.parts import Job, Shared
from casekit.store.case import Case
from tests.batches import openai_answer, openai_job, openai_request, write_lines
from tests.builders import file_items, make_exchange


def test_lines_of_batches_come_with_their_file_its_names_and_losses(
    case: Case, tmp_path: Path
) -> None:
    asked = write_lines(tmp_path / "in.jsonl", [openai_request("a", "Why?")])
    with asked.open("ab") as file:
        file.write(b'{"custom_id": torn\n')
    write_lines(tmp_path / "out.jsonl", [openai_answer("a", "So.")])
    job = openai_job("batch_1", "file-in", "file-out", "file-errors")
    write_lines(tmp_path / "job.json", [job])
    for name in ("in.jsonl", "out.jsonl", "job.json"):
        ingest(case, [tmp_path / name])
    with case.read() as s:
        found = parts.batches(s)
        upto = parts.batches(s, last=1)
    request, answer = found.lines
    assert (request.item_id, request.family, request.side, request.key, request.model) == (
        1, "openai-batch", "request", "a", "gpt-4o-mini",
    )  # fmt: skip
    assert (answer.item_id, answer.side, answer.model, answer.prompt_sha256, answer.sent_us) == (
        2, "answer", "gpt-4o-mini-2024-07-18", None, 1731368630_000_000,
    )  # fmt: skip
    assert found.jobs == [Job(3, "batch_1", "file-in", ("file-out", "file-errors"))]
    assert found.names == {request.file: {"in.jsonl"}, answer.file: {"out.jsonl"}}
    assert found.lost == {request.file: 1, answer.file: 0}
    assert (upto.lines, upto.jobs) == ([request], [])


def test_a_time_whose_zone_was_assumed_is_none_to_join_by(case: Case, tmp_path: Path) -> None:
    news = [
        make_exchange("Why?", "So.", "m", joint=f"openai-batch/{side}", request_id="a")
        for side in ("request", "answer")
    ]
    for new, zone in zip(news, ("assumed:utc", "explicit"), strict=True):
        new.columns |= {"sent_us": 5, "sent_zone": zone}
    file_items(case, news, tmp_path)
    with case.write() as s:
        decide_time(s, [1], "UTC", "What is kept of joins does not change with it.")
    with case.read() as s:
        assert [line.sent_us for line in parts.batches(s).lines] == [None, 5]


def test_parts_that_share_an_id_with_another_item_are_told(case: Case, tmp_path: Path) -> None:
    news = [
        make_exchange(f"{n}?", "x", "m", joint=joint, request_id=key)
        for n, (joint, key) in enumerate(
            [
                ("apim/rows", "x"),
                ("apim/part", "x"),
                ("apim/rows", "y"),
                ("openai-batch/request", "y"),
            ]
        )
    ]
    news.append(make_exchange("no id?", "x", "m", joint="apim/part"))
    file_items(case, news, tmp_path)
    shas = [new.columns["sha256"] for new in news]
    with case.read() as s:
        assert list(parts.shared(s)) == [
            Shared(1, "apim", "x", shas[0]),
            Shared(2, "apim", "x", shas[1]),
        ]
        assert list(parts.shared(s, last=1)) == []
        assert parts.joins(s) == {}
