import dataclasses
import email
import email.header
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from casekit.dossier import rsmf
from casekit.dossier.rsmf import Attached, Chat, Message
from casekit.queries import items
from casekit.queries.items import ItemView
from casekit.store.case import Case
from tests.builders import file_items, make_message

HOSTILE = 'Ann\r\nX-RSMF-Version: 9 "<ann@x.example>" 李雷\x00\u202e'


@pytest.fixture
def views(case: Case, tmp_path: Path) -> list[ItemView]:
    """Four messages: a question, an answer with reactions, one of nobody without a time, one hostile."""
    new = [
        make_message("You there?", "Ann", 1_700_000_000_000_000, id="t1", reactions="thumbsup 2"),
        make_message(
            "Yes.", "Bo", 1_700_000_060_500_000, id="t2", reply_to="t1", edited=True, deleted=True,
            reactions=[{"reaction": "👍", "count": "2", "by": ["Ann", "Cy"]}, {"reaction": "eyes"}],
        ),
        make_message("joined", "", None, event="channel_join", id="t3"),
        make_message("a\x00b\u202e", HOSTILE, 1_700_000_120_000_000, reply_to="elsewhere"),
    ]  # fmt: skip
    new[1].texts.append(("previous", "No."))
    file_items(case, new, tmp_path)
    with case.read() as s:
        return [items.view(s, i) for i in range(1, 5)]


def chat(views: list[ItemView]) -> Chat:
    made = [Message(f"ABC-{n}", view, "ab" * 32) for n, view in enumerate(views, 1)]
    made[0] = dataclasses.replace(
        made[0], attached=(Attached("ABC-9.png", "plan.png", b"\x89PNG"),)
    )
    return Chat("Slack", "Slack: general", HOSTILE, tuple(made))


def of_file(data: bytes) -> tuple[Any, dict[str, bytes]]:
    """The mail, and the files of its ZIP."""
    mail = email.message_from_bytes(data)
    (part,) = (p for p in mail.walk() if p.get_filename() == "rsmf.zip")
    assert (part["Content-Transfer-Encoding"], part.get_content_disposition()) == (
        "base64",
        "attachment",
    )
    with zipfile.ZipFile(io.BytesIO(part.get_payload(decode=True))) as zipped:
        return mail, {name: zipped.read(name) for name in zipped.namelist()}


def check(made: Any) -> None:
    """What the schema of version 2.0.0 and its descriptions of references demand."""
    assert {"version", "participants", "conversations", "events"} <= made.keys()
    assert len(made["version"]) >= 5
    people = [each["id"] for each in made["participants"]]
    assert len(set(people)) == len(people)
    rooms = {each["id"]: each for each in made["conversations"]}
    ids = [each["id"] for each in made["events"] if "id" in each]
    assert len(set(ids)) == len(ids)
    for room in rooms.values():
        assert room["platform"]
        assert set(room["participants"]) <= set(people)
    for one in made["events"]:
        assert one["type"] in {"message", "disclaimer", "join", "leave", "history", "unknown"}
        assert one["conversation"] in rooms
        assert one.get("participant", people[0]) in people
        assert one.get("parent", ids[0]) in ids
        for each in (*one.get("edits", ()), *one.get("read_receipts", ())):
            assert each["participant"] in people
        for each in one.get("reactions", ()):
            assert 0 < len(each["value"]) <= 30
            assert set(each.get("participants", ())) <= set(people)
            assert type(each.get("count", 0)) is int
        for each in one.get("custom", ()):
            assert each["name"]
            assert each["value"]
        for each in one.get("attachments", ()):
            assert each["id"]
            assert type(each["size"]) is int


def test_a_conversation_keeps_who_said_what_when_and_what_became_of_it(
    views: list[ItemView],
) -> None:
    whole = chat(views)
    made = rsmf.manifest(whole, "VOL001", "VOL001-1")
    check(made)
    notice, first, second, third, fourth = made["events"]
    assert (notice["type"], "4 messages" in notice["body"]) == ("disclaimer", True)
    names = {each["id"]: each["display"] for each in made["participants"]}
    assert (names[first["participant"]], first["timestamp"]) == ("Ann", "2023-11-14T22:13:20Z")
    assert first["attachments"] == [{"id": "ABC-9.png", "display": "plan.png", "size": 4}]
    assert {"name": "Reactions", "value": "thumbsup 2"} in first["custom"]
    assert (second["parent"], second["deleted"], second["timestamp"]) == (
        "ABC-1", True, "2023-11-14T22:14:20.500000Z",
    )  # fmt: skip
    assert second["edits"] == [
        {"participant": second["participant"], "previous": "No.", "new": "Yes."}
    ]
    thumb, eyes = second["reactions"]
    assert ([names[p] for p in thumb["participants"]], thumb["count"]) == (["Ann", "Cy"], 2)
    assert eyes == {"value": "eyes"}
    assert (third["type"], "timestamp" in third) == ("join", False)
    assert names[third["participant"]] == "Not named by the source"
    assert {"name": "Time", "value": "not stated by the source"} in third["custom"]
    assert ("parent" in fourth, {"name": "Answers", "value": "elsewhere"} in fourth["custom"]) == (
        False,
        True,
    )


def test_the_file_is_a_mail_with_one_zip_and_no_words_become_a_head(views: list[ItemView]) -> None:
    whole = chat(views)
    made = rsmf.manifest(whole, "VOL001", "VOL001-1")
    data = rsmf.message_file(whole, made, "VOL001", 0, "1.0")
    assert data == rsmf.message_file(whole, made, "VOL001", 0, "1.0")
    mail, files = of_file(data)
    assert mail.get_all("X-RSMF-Version") == ["2.0.0"]
    told = [
        mail[f"X-RSMF-{name}"] for name in ("EventCount", "AttachmentCount", "BeginDate", "EndDate")
    ]
    assert told == ["5", "1", "2023-11-14T22:13:20Z", "2023-11-14T22:15:20Z"]
    assert mail.defects == []
    assert mail["Date"] == "Thu, 1 Jan 1970 00:00:00 +0000"
    shown = str(email.header.make_header(email.header.decode_header(mail["X-RSMF-Custodian"])))
    assert shown == " ".join(HOSTILE.split())
    assert max(map(len, data.split(b"\r\n"))) < 998
    assert list(files) == [rsmf.MANIFEST, "ABC-9.png"]
    assert (json.loads(files[rsmf.MANIFEST]), files["ABC-9.png"]) == (made, b"\x89PNG")
    assert (
        "2023-11-14T22:13:20Z  Ann  You there?"
        in mail.get_payload(0).get_payload(decode=True).decode()
    )


def test_a_long_conversation_goes_in_several_files(
    views: list[ItemView], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rsmf, "MOST_EVENTS", 3)
    whole = chat(views)
    pieces = rsmf.in_files(whole)
    assert [(p.part, [m.bates for m in p.messages]) for p in pieces] == [
        ("1/2", ["ABC-1", "ABC-2", "ABC-3"]), ("2/2", ["ABC-4"]),
    ]  # fmt: skip
    assert "Part 2/2" in rsmf.manifest(pieces[1], "VOL001", "c")["events"][0]["body"]
    monkeypatch.setattr(rsmf, "MOST_EVENTS", 4)
    assert rsmf.in_files(whole) == [whole]
