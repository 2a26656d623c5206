from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from casekit.ingest import ingest
from casekit.queries import items
from casekit.queries.recognised import MachineText
from casekit.store import tables
from casekit.store.case import Case
from casekit.ui.laying import REQUEST_FIELDS, lay_details, lay_item, meta_parts, pointer_lines
from casekit.ui.reading import ReadingPage
from casekit.ui.writing import Span
from tests.batches import openai_answer, openai_request, write_lines
from tests.builders import file_items, make_message


@pytest.mark.parametrize(
    ("item_id", "parts"),
    [
        (
            1,
            [
                "temperature 0.7 · seed 7",
                "SYSTEM",
                "PROMPT",
                "ANSWER   meridian-r1",
                "To read the clause",
            ],
        ),
        (200, ["REQUEST", "acct-0013", "TLS fingerprint (JA4)", "t13d1516h2"]),
        (
            353,
            [
                "Tomasz Wieczorek",
                "(Wed, 14 Jan 2026 10:12:44 +0100)",
                "strange floor",
                "FAMILY",
                "accounts.csv",
            ],
        ),
        (383, ["PAGE 1", "Terms of service", "PAGE 2"]),
        (384, ["No text was found in this file"]),
    ],
)
def test_each_kind_has_its_layout(
    dressed: QApplication, sample_case: Case, item_id: int, parts: list[str]
) -> None:
    with sample_case.read() as s:
        view = items.view(s, item_id)
    page = ReadingPage()
    lay_item(page, view, {"output": [Span(0, 7, 1)]})
    text = page.toPlainText()
    assert [part for part in parts if part not in text.replace("To read [1]", "To read")] == []


def test_every_column_of_an_exchange_has_a_line() -> None:
    elsewhere = {
        "item_id",
        "prompt_sha256",
        "messages",
        "joint",
    }  # messages are the parts laid out whole
    columns = {c.name for c in tables.exchange.columns} - elsewhere
    assert {name for name, _ in REQUEST_FIELDS} == columns


def test_what_a_machine_read_is_laid_out_marked_and_with_its_hits(
    dressed: QApplication, sample_case: Case
) -> None:
    read = MachineText("ocr/page/2", "Zebra 4711", "tesseract", "5.3", "eng", 300, 91, bytes(32))
    with sample_case.read() as s:
        view = dataclasses.replace(items.view(s, 384), read=(read,))
    page = ReadingPage()
    lay_item(page, view, {"ocr/page/2": [Span(0, 5, 1)]})
    text = page.toPlainText()
    assert "PAGE 2, READ BY A MACHINE   tesseract 5.3, eng, sure by 91 %" in text
    assert "Zebra [1] 4711" in text.replace("\u2009", " ")
    assert "No text was found" not in text


def test_answers_beside_the_first_have_a_heading_each(
    dressed: QApplication, sample_case: Case
) -> None:
    with sample_case.read() as s:
        view = items.view(s, 1)
    page = ReadingPage()
    lay_item(page, dataclasses.replace(view, texts=(*view.texts, ("answer/2", "Otherwise"))), {})
    assert "ANSWER 2\nOtherwise" in page.toPlainText()


def test_the_details_name_the_place_in_the_original(
    dressed: QApplication, sample_case: Case
) -> None:
    with sample_case.read() as s:
        view, mail = items.view(s, 383), items.view(s, 353)
    page = ReadingPage()
    lay_details(page, view)
    text = page.toPlainText()
    assert view.original_sha256.hex() in text
    assert "the whole original" in text
    assert "md5:" in text
    assert "The supplied MD5 is not that of the file received." in text
    lay_details(page, mail)
    assert "HEADER FIELDS" in page.toPlainText()


def test_lines_about_an_item(sample_case: Case) -> None:
    with sample_case.read() as s:
        view = items.view(s, 1)
    assert (
        " · ".join(meta_parts(view))
        == "Exhibit A-1 · meridian-r1 · 2026-01-14 09:12:44 UTC · outputs.jsonl · line 1"
    )
    assert meta_parts(view, who=False)[1].startswith("2026")
    (step,) = pointer_lines(view.pointer)
    assert step == ("Step 1", f"slice, bytes 0 to {view.row.size - 1:,}, line 1")


def test_a_chat_message_is_laid_out_with_its_people_time_and_facts(
    dressed: QApplication, case: Case, tmp_path: Path
) -> None:
    chat = tmp_path / "WhatsApp Chat with Bob.txt"
    chat.write_text(
        "03/04/21, 10:00 - Ann: see a.png (file attached)\n03/04/21, 10:01 - Ann: <Media omitted>\n",
        "utf-8",
    )
    ingest(case, [chat])
    with case.read() as s:
        views = [items.view(s, item_id) for item_id in (1, 2)]
    page = ReadingPage()
    lay_item(page, views[0], {"body": [Span(0, 3, 1)]})
    text = page.toPlainText()
    expected = ["Ann", "Bob", "2021-04-03 10:00:00 UTC", "(03/04/21, 10:00)", "WhatsApp",
                "day before month assumed", "a.png (file attached)"]  # fmt: skip
    assert [part for part in expected if part not in text] == []
    lay_item(page, views[1], {})
    assert "<Media omitted>" in page.toPlainText()
    lay_details(page, views[0])
    assert "HEADER FIELDS" not in page.toPlainText()


def test_a_message_stands_among_its_neighbours(
    dressed: QApplication, case: Case, tmp_path: Path
) -> None:
    times = (0, 1, 86_400, 86_401, 86_402)
    said = [make_message(f"said {n}", "Ann", t * 1_000_000) for n, t in enumerate(times)]
    said[3].columns["facts"] = said[3].columns["facts"].replace("{", '{"deleted": true, ')
    file_items(case, [*said, make_message("alone", "Bob", 0, channel="other")], tmp_path)
    page = ReadingPage()
    with case.read() as s:
        lay_item(page, items.view(s, 3, around=2), {})
        shown = page.toPlainText()
        assert [line.strip() for line in shown.split("BEFORE")[1].splitlines()] == [
            "Slack: general · 3 of 5", "1970-01-01", "00:00:00   Ann  said 0",
            "00:00:01   Ann  said 1", "THIS MESSAGE", "said 2", "AFTER", "1970-01-02",
            "00:00:01   Ann  said 3   (deleted)", "00:00:02   Ann  said 4",
        ]  # fmt: skip
        assert 'href="item:2"' in page.toHtml()
        lay_item(page, items.view(s, 6, around=2), {})
        assert "BEFORE" not in page.toPlainText()
        lay_item(page, items.view(s, 1, around=2), {})
        assert "none" in page.toPlainText().split("THIS MESSAGE")[0]


def test_the_other_half_of_an_exchange_is_a_link_with_its_file_and_line(
    dressed: QApplication, case: Case, tmp_path: Path
) -> None:
    write_lines(tmp_path / "in.jsonl", [openai_request("a", "Why?"), openai_request("b", "How?")])
    write_lines(tmp_path / "out.jsonl", [openai_answer("a", "But,\nso.")])
    for name in ("in.jsonl", "out.jsonl"):
        ingest(case, [tmp_path / name])
    page = ReadingPage()
    with case.read() as s:
        joined, alone = items.view(s, 1), items.view(s, 2)
    lay_item(page, joined, {})
    assert "Answer in out.jsonl, line 1" in page.toPlainText()
    assert "Joined: the same id" in page.toPlainText()
    assert "Missing" not in page.toPlainText()
    assert "link:" not in page.toPlainText()
    assert 'href="item:3"' in page.toHtml()
    assert page.toPlainText().endswith("Why?\nANSWER   of item 3\nBut,\nso.")
    page.selectAll()
    assert page.marked() == ("prompt", 0, 4)  # a passage of the other item is cited there
    lay_item(page, alone, {})
    assert "Missing: no-output no-time unjoined" in page.toPlainText()
    assert "Not joined: no other record in the case bears its id." in page.toPlainText()
