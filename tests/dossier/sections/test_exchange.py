import hashlib
from pathlib import Path

from casekit.dossier.plan import plan
from casekit.dossier.sections import exchange
from casekit.dossier.sheet import Chapter, DossierPlan, Facts, Grid, Prose, Raw, Subhead
from casekit.ingest import ingest
from casekit.ops import exhibits, privilege, redactions
from casekit.store import tables
from casekit.store.case import Case
from tests.batches import openai_answer, openai_request, write_lines
from tests.dossier.builders import ANSWER, PROMPT, Builder, answer, log_record, new_item


def test_an_output_shows_prompt_reasoning_and_answer_whole(case: Case, built: Builder) -> None:
    new = answer(PROMPT, ANSWER, "Meridian-R1", model_requested="meridian-latest", seed=20260216)
    new.texts = [
        ("output", ANSWER),
        ("prompt", PROMPT),
        ("reasoning", "Think."),
        ("system", "Be brief."),
    ]
    built.exhibit(built.add("a.jsonl", new)[0], "A-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert chapter.title == f"Answer of Meridian-R1 to “{PROMPT}”"
    texts = [(b.heading, b.text, b.part) for b in chapter.blocks if isinstance(b, Prose)]
    assert texts == [
        ("SYSTEM PROMPT", "Be brief.", "system"), ("PROMPT", PROMPT, "prompt"),
        ("REASONING", "Think.", "reasoning"),
        ("ANSWER", ANSWER, "output"),
    ]  # fmt: skip
    facts = {f.label: f.value for b in chapter.blocks if isinstance(b, Facts) for f in b.rows}
    assert facts["Model requested"] == "meridian-latest"
    assert facts["Answered"] == "2026-01-14 09:12:58.911 UTC (7,707 ms later)"
    assert facts["Parameters"] == "temperature 0.7 · top_p 0.95 · seed 20260216 · max_tokens 4,096"
    assert facts["Stopped because"] == "stop · 18 tokens sent, 212 answered"


def test_an_answer_is_no_more_certain_than_its_question(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.jsonl", answer(PROMPT, ANSWER, "m"))[0], "A-1")
    doubtful = answer(PROMPT, ANSWER, "m")
    doubtful.columns["sent_zone"] = "assumed:utc"
    built.exhibit(built.add("b.jsonl", doubtful)[0], "A-2")
    with case.read() as s:
        chapters = plan(s).exhibits
    answered = [
        fact.value for chapter in chapters for block in chapter.blocks if isinstance(block, Facts)
        for fact in block.rows if fact.label == "Answered"
    ]  # fmt: skip
    assert answered == [
        "2026-01-14 09:12:58.911 UTC (7,707 ms later)", "≈ 2026-01-14 09:12:58.911 UTC (7,707 ms later)",
    ]  # fmt: skip


def test_a_log_extract_shows_the_record_s_fields_and_masks_the_key(
    case: Case, built: Builder
) -> None:
    built.exhibit(built.add("log.jsonl", log_record(1), log_record(2))[0], "B-1")
    with case.read() as s:
        decided = plan(s)
    chapter = decided.exhibits[0]
    cells = [cell for b in chapter.blocks if isinstance(b, Grid) for row in b.rows for cell in row]
    assert "org_4471" in cells
    assert "…Ld91" in cells
    raw = next(b for b in chapter.blocks if isinstance(b, Raw))
    assert raw.secret == (16, "Ld91")
    assert b"sk-proj-7Fq2Ld91" not in decided.encoded()
    facts = {f.label: f.value for b in chapter.blocks if isinstance(b, Facts) for f in b.rows}
    assert "masked" in facts["This exhibit"]
    assert facts["Not in the record"] == "the whole IP address (masked in the source)"


def test_a_request_without_bodies_is_its_fields(case: Case, built: Builder) -> None:
    new = new_item("request", "GET /v1/models", b"{}", collection="api-log")
    new.exchange = {"request_id": "req_7", "status": 429, "parameters": "not json", "extra": "[]"}
    built.exhibit(built.add("access.log", new)[0], "B-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert chapter.title == "Request req_7"
    assert not [b for b in chapter.blocks if isinstance(b, Prose)]


def test_an_output_without_prompt_or_model_has_a_title(case: Case, built: Builder) -> None:
    new = answer("", "text", "")
    new.texts = [("output", "text")]
    built.exhibit(built.add("a.txt", new)[0], "A-1")
    long = answer("word " * 200, "text", "m")
    built.exhibit(built.add("b.txt", long)[0], "A-2")
    with case.read() as s:
        first, second = plan(s).exhibits
    assert first.title == "Output of a model"
    assert second.title.endswith("word…”")
    assert len(second.title) < 150


def test_every_column_is_printed_or_has_a_place_of_its_own() -> None:
    columns = {c.name for c in tables.exchange.columns} - {"item_id"}
    assert columns == {*exchange.FIELDS, *exchange.ELSEWHERE}


def test_what_only_some_sources_tell_is_printed_where_it_is_known(
    case: Case, built: Builder
) -> None:
    log, output = log_record(1), answer(PROMPT, ANSWER, "Meridian-R1")
    told = {
        "organisation": "Org & Co",
        "end_user": "u-77",
        "stream": 0,
        "cost": 0.0125,
        "currency": "USD",
    }
    log.exchange |= told
    output.exchange |= {**told, "stream": 1, "reasoning_tokens": 1204}
    built.exhibit(built.add("log.jsonl", log)[0], "A-1")
    built.exhibit(built.add("a.jsonl", output)[0], "B-1")
    with case.read() as s:
        first, second = plan(s).exhibits
    cells = [cell for b in first.blocks if isinstance(b, Grid) for row in b.rows for cell in row]
    for field in (
        "Organisation",
        "Org & Co",
        "End user",
        "u-77",
        "Streamed",
        "no",
        "0.0125",
        "USD",
    ):
        assert field in cells
    assert "Tokens of reasoning" not in cells
    facts = {f.label: f.value for b in second.blocks if isinstance(b, Facts) for f in b.rows}
    assert (facts["Streamed"], facts["Tokens of reasoning"]) == ("yes", "1,204")


def halves(case: Case, tmp_path: Path, *labels: tuple[int, str]) -> bytes:
    """Two requests, 1 and 2, and the answer 3 to the first; some as exhibits. Gives the answer's bytes."""
    write_lines(tmp_path / "in.jsonl", [openai_request("a", "Why?"), openai_request("b", "How?")])
    answered = write_lines(tmp_path / "out.jsonl", [openai_answer("a", "Because of Zanzibar.")])
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    with case.write() as s:
        for item_id, label in labels:
            exhibits.mark_exhibit(s, item_id, label)
    return answered.read_bytes().rstrip()


def planned(case: Case) -> DossierPlan:
    with case.read() as s:
        return plan(s, for_issue=True)


def facts_of(chapter: Chapter) -> list[dict[str, str]]:
    return [{f.label: f.value for f in b.rows} for b in chapter.blocks if isinstance(b, Facts)]


def test_the_other_half_is_printed_with_its_place_and_a_number_of_its_own(
    case: Case, tmp_path: Path
) -> None:
    data = halves(case, tmp_path, (1, "A-1"), (2, "A-2"))
    decided = planned(case)
    first, second = decided.exhibits
    asked, answered = facts_of(first)
    sha256 = hashlib.sha256(data).hexdigest()
    ground = "Ground: the same id, which no other request or answer in the case could bear."
    assert asked["Belongs together with"] == (
        f"the answer: line 1 of out.jsonl (bytes 0–{len(data) - 1}; SHA-256 {sha256})\n{ground}"
    )
    assert answered["Belongs together with"].startswith(
        "the request: Exhibit A-1, line 1 of in.jsonl"
    )
    for shown in (asked, answered):
        assert not {"Not in the record", "Not in the records together"} & shown.keys()
    (head,) = [block for block in first.blocks if isinstance(block, Subhead)]
    numbers = {one.item_id: one.first for one in decided.produced}
    assert head.text == "The answer, which stands in another file"
    assert head.bates.endswith(f"-{numbers[3]:07d}")
    assert [(b.item_id, b.part, b.text) for b in first.blocks if isinstance(b, Prose)] == [
        (1, "prompt", "Why?"), (3, "output", "Because of Zanzibar."),
    ]  # fmt: skip
    assert sorted(numbers) == [1, 2, 3]
    (alone,) = facts_of(second)
    assert alone["Not joined"] == "No other record in the case bears its id."
    assert alone["Not in the record"] == (
        "the answer; the time; its other half, the request or the answer"
    )


def test_a_half_that_is_an_exhibit_is_named_and_printed_once(case: Case, tmp_path: Path) -> None:
    halves(case, tmp_path, (1, "A-1"), (3, "A-3"))
    first, last = planned(case).exhibits
    assert facts_of(first)[0]["Belongs together with"].startswith("the answer: Exhibit A-3, line 1")
    assert facts_of(last)[0]["Belongs together with"].startswith("the request: Exhibit A-1, line 1")
    assert [b.item_id for e in (first, last) for b in e.blocks if isinstance(b, Prose)] == [1, 3]


def test_a_privileged_half_is_counted_and_that_is_all(case: Case, tmp_path: Path) -> None:
    data = halves(case, tmp_path, (1, "A-1"))
    with case.write() as s:
        privilege.assert_privilege(s, [3], "attorney-client")
    decided = planned(case)
    (shown,) = facts_of(decided.exhibits[0])
    assert shown["Belongs together with"].startswith(
        "1 other part of it is withheld as privileged."
    )
    told = decided.encoded()
    for word in (b"Zanzibar", b"out.jsonl", hashlib.sha256(data).hexdigest().encode()):
        assert word not in told


def test_the_hash_of_a_half_that_is_redacted_is_left_out(case: Case, tmp_path: Path) -> None:
    data = halves(case, tmp_path, (1, "A-1"))
    with case.write() as s:
        redactions.redact(s, [(3, "output", 11, 19)], "privacy")
    decided = planned(case)
    shown = facts_of(decided.exhibits[0])[0]["Belongs together with"]
    assert "SHA-256 left out: it would let what is redacted be guessed" in shown
    told = decided.encoded()
    for word in (b"Zanzibar", hashlib.sha256(data).hexdigest().encode()):
        assert word not in told
