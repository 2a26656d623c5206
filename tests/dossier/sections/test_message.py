from __future__ import annotations

import json

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid, Prose
from casekit.ops.items import NewItem
from casekit.store.case import Case
from tests.dossier.builders import Builder, new_item


def said(kind: str = "message", **facts: object) -> NewItem:
    made = new_item(
        kind, "who took the key?", b"{raw}", collection="correspondence", media_type="application/json",
        facts=json.dumps(facts) if facts else "", sent_us=1709977571000000, sent_raw="03/09/24, 09:46",
        sent_field="line", sent_zone="assumed:local time read as UTC", sent_resolution_us=60_000_000,
    )  # fmt: skip
    made.texts = [("body", "who took the key?\nanswer me"), ("previous", "who?")]
    made.parties = [("from", "Ann Lee", "U0ANN"), ("to", "#general", "C0GEN")]
    return made


def test_a_message_shows_sender_channel_time_words_and_facts(case: Case, built: Builder) -> None:
    told = {"service": "Slack", "channel": "general", "id": "1.2", "thread": "1.1", "reply_to": "1.1",
            "edited": {"user": "U0ANN"}, "reactions": [{"reaction": "eyes"}]}  # fmt: skip
    built.exhibit(built.add("day.json", said(**told))[0], "C-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert chapter.title == "who took the key?"
    assert chapter.summary.startswith("Ann Lee in general · Chat message")
    facts = {f.label: f.value for b in chapter.blocks if isinstance(b, Facts) for f in b.rows}
    assert facts["From"] == "Ann Lee <U0ANN>"
    assert facts["To"] == "#general <C0GEN>"
    assert facts["Service"] == "Slack"
    assert facts["Channel or conversation"] == "general"
    assert facts["Sent"] == (
        "2024-03-09 09:46:11 UTC (time zone assumed: local time read as UTC; "
        "nobody has decided it, so it may be up to 14 hours off)\n"
        "in the source: line 03/09/24, 09:46"
    )
    assert facts["Answers message"] == "1.1"
    assert facts["Edited"] == '{"user":"U0ANN"}'
    assert [(b.heading, b.text) for b in chapter.blocks if isinstance(b, Prose)] == [
        ("TEXT", "who took the key?\nanswer me"),
        ("AS IT STOOD BEFORE", "who?"),
    ]
    grids = [b for b in chapter.blocks if isinstance(b, Grid)]
    assert [(b.heading, b.rows) for b in grids] == [
        ("WHAT ELSE THE SOURCE SAYS OF THE MESSAGE", (("reactions", '[{"reaction":"eyes"}]'),))
    ]


def test_a_message_without_anything_is_no_trouble(case: Case, built: Builder) -> None:
    bare = said()
    bare.parties, bare.texts, bare.columns["title"] = [], [], ""
    built.exhibit(built.add("day.json", bare)[0], "C-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert (chapter.title, chapter.summary.split(" · ")[0]) == ("Message without words", "– in –")


def test_events_and_contacts_are_documents_with_their_fields(case: Case, built: Builder) -> None:
    for number, kind in enumerate(("event", "contact", "record")):
        item = said(kind, email="ann@example.org")
        built.exhibit(built.add(f"{number}.json", item)[0], f"C-{number}")
    with case.read() as s:
        chapters = plan(s).exhibits
    for chapter, kind in zip(chapters[:2], ("Calendar event", "Contact"), strict=True):
        assert chapter.summary.startswith(kind)
        facts = {f.label: f.value for b in chapter.blocks if isinstance(b, Facts) for f in b.rows}
        assert facts["From"] == "Ann Lee <U0ANN>"
        (grid,) = [b for b in chapter.blocks if isinstance(b, Grid)]
        assert grid.rows == (("email", "ann@example.org"),)
