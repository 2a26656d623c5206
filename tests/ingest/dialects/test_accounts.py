from __future__ import annotations

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.accounts import read_gemini_activity
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context
from casekit.ingest.readers.csv_records import read
from tests.ingest.records_case import read_all, texts


def test_a_talk_with_copilot_row_by_row() -> None:
    data = (
        b"Conversation,Time,Author,Message\n"
        b'Soup,2024-11-01T10:00:00,Human,"A recipe, please"\nSoup,2024-11-01T10:00:05,AI,Soup.\n'
    )
    items, problems, _ = read_all(read, data)
    assert [each.kind for each in problems] == []
    assert [(each.kind, texts(each)) for each in items] == [
        ("request", {"prompt": "A recipe, please"}),
        ("exchange", {"prompt": "A recipe, please", "output": "Soup."}),
    ]
    assert items[1].exchange is not None
    assert items[1].exchange.conversation_id == "Soup"


def test_a_question_to_gemini_with_its_answer() -> None:
    record = {"header": "Gemini Apps", "title": "Prompted What is soup?", "time": "2024-05-01T10:00:00.123Z",
              "products": ["Gemini Apps"], "safeHtmlItem": [{"html": "<p>A <b>dish</b>.</p>"}]}  # fmt: skip
    assert recognise(record) == "Gemini activity"
    draft = Draft(b"", Context())
    assert read_gemini_activity(record, draft)
    assert (draft.prompt, draft.output.strip()) == ("What is soup?", "A dish.")
    assert draft.extra["title"] == "Prompted What is soup?"
    drafts = Draft(b"", Context())
    assert read_gemini_activity(
        {**record, "safeHtmlItem": [{"html": "<p>A</p>"}, {"html": "<p>B</p>"}]}, drafts
    )
    assert (drafts.output.strip(), [each.strip() for each in drafts.answers]) == ("A", ["B"])
    assert not read_gemini_activity({**record, "header": "Maps"}, Draft(b"", Context()))
