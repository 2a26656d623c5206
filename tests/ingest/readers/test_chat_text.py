from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context
from casekit.ingest.readers import chat_text
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

CHAT = (
    "\ufeff31/12/22, 11:39 - Messages and calls are end-to-end encrypted.\n"
    "31/12/22, 11:40 - Ann Lee: two\n\nlines: here\n"
    "31/12/22, 11:41 - \u202a+49 170 1\u202c: IMG-1.jpg (file attached)\ncaption\n"
    "31/12/22, 11:42 - Ann Lee: <Media omitted>\n"
    '31/12/22, 11:43 - Ann Lee changed the subject to "Plan: B"\n'
    "31/12/22, 11:44 - Ann Lee: This message was deleted\n"
    "31/12/22, 11:45 - Ann Lee: fixed <This message was edited>\n"
).encode()
NAMED = Context(name="WhatsApp Chat with Bob.txt")


def test_every_message_has_its_sender_words_time_and_place() -> None:
    items, problems, books = read_all(chat_text.read, CHAT, NAMED)
    assert problems == []
    assert [text(each) for each in items] == [
        "Messages and calls are end-to-end encrypted.", "two\n\nlines: here",
        "IMG-1.jpg (file attached)\ncaption",
        "<Media omitted>", 'Ann Lee changed the subject to "Plan: B"', "This message was deleted",
        "fixed <This message was edited>",
    ]  # fmt: skip
    assert [people(each) for each in items[:3]] == [
        [("to", "Bob", "")],
        [("from", "Ann Lee", ""), ("to", "Bob", "")],
        [("from", "+49 170 1", ""), ("to", "Bob", "")],
    ]
    assert facts(items[1]) == {
        "service": "WhatsApp", "chat": "Bob", "date_order": "dmy", "date_order_by": "numbers",
    }  # fmt: skip
    assert facts(items[2])["attachments"] == [{"name": "IMG-1.jpg"}]
    assert facts(items[3])["left_out"] == "<Media omitted>"
    assert facts(items[4])["event"] == "system line"
    assert facts(items[5])["deleted"] is True
    assert facts(items[6])["edited"] == "This message was edited"
    assert [each.steps[0].line for each in items] == [1, 2, 5, 7, 8, 9, 10]
    assert (books.quarantined, books.separators) == (0, 3 + len(items))


def test_the_form_of_ios_is_read_with_its_marks() -> None:
    data = (
        "[31/12/2022, 11:40:26\u202fPM] Club: \u200eYou joined\r\n"
        "\u200e[31/12/2022, 11:41:26\u202fPM] ~\u202fBob: \u200e<attached: 1-PHOTO.jpg>\r\n"
    ).encode()
    first, second = read_all(chat_text.read, data, Context(name="_chat.txt", folder="Club"))[0]
    assert (text(first), facts(first)["generated"]) == ("\u200eYou joined", True)
    assert text(second) == "\u200e<attached: 1-PHOTO.jpg>"
    assert (people(second)[0][1], facts(second)["chat"]) == ("~\u202fBob", "Club")
    assert facts(second)["attachments"] == [{"name": "1-PHOTO.jpg"}]
    assert second.when is not None
    assert second.when.raw == "31/12/2022, 11:41:26\u202fPM"


def test_what_happened_is_told_from_what_was_said_by_who_speaks_elsewhere() -> None:
    lines = [
        "Ann: a",
        "Ann: b",
        "Ann changed the rules: be kind",
        "Ann Lee: c",
        "Ann Lee: d",
        "Bob: e",
    ]
    data = "".join(f"31/12/22, 11:4{n} - {line}\n" for n, line in enumerate(lines)).encode()
    items, _, _ = read_all(chat_text.read, data, Context(name="a.txt"))
    assert [[p[1] for p in people(each)] for each in items] == [
        ["Ann"], ["Ann"], [], ["Ann Lee"], ["Ann Lee"], ["Bob"],
    ]  # fmt: skip
    assert text(items[2]) == "Ann changed the rules: be kind"


def test_lines_of_another_form_belong_to_the_message_above() -> None:
    data = b"[13/12/22, 11:40:26] Ann: see\n12/12/22, 10:00 - Bob: quoted\n[13/12/22, 11:41:00] Ann: end"
    items, _, _ = read_all(chat_text.read, data, Context(name="a.txt"))
    assert [text(each) for each in items] == ["see\n12/12/22, 10:00 - Bob: quoted", "end"]


def test_an_order_that_nothing_tells_is_assumed_and_said() -> None:
    data = b"03/04/21, 10:00 - Ann: a\n03/04/21, 10:01 - Bob: b\n"
    items, problems, _ = read_all(chat_text.read, data, Context(name="a.txt"))
    assert [each.kind for each in problems] == ["ambiguous-date"]
    assert {facts(each)["date_order_by"] for each in items} == {"assumed"}
    assert all(each.when and each.when.zone.endswith("day before month assumed") for each in items)


def test_the_form_of_wechat_and_qq_is_read() -> None:
    data = "消息记录\n\n2023-08-01 12:34:56 小李(123)\n你好\n第二行\n\n2023-08-01 12:35:00 Ann\n嗯\n\n".encode()
    items, problems, _ = read_all(chat_text.read, data, Context(name="a.txt"))
    assert [(people(each)[0][1], text(each)) for each in items] == [
        ("小李(123)", "你好\n第二行"), ("Ann", "嗯"),
    ]  # fmt: skip
    assert [(each.kind, each.offset, each.length) for each in problems] == [("preamble", 0, 14)]


def test_older_charsets_are_read() -> None:
    data = (
        "31/12/22, 11:40 - José Núñez: ¿Qué tal está la señora del año pasado?\n".encode("cp1252")
        * 3
    )
    items, _, _ = read_all(chat_text.read, data, Context(name="a.txt"))
    assert people(items[0])[0][1] == "José Núñez"


def test_a_cut_off_file_loses_nothing_but_its_end() -> None:
    items, problems, _ = read_all(chat_text.read, CHAT[:-20], NAMED)
    assert [each.title for each in items][-1] == "fixed <This"
    assert len(items) == 7
    assert problems == []


def test_hostile_files_end_in_a_clear_state() -> None:
    wild = (
        b"31/12/22, 11:40 - A: \xc3\xa9\xc3\xa9\xff\xfe\0\n99/99/99, 11:41 - A: b\n31/12/22, 11:42 - : c\n"
        + b"[" * 999
    )
    items, _, _ = read_all(chat_text.read, wild, Context(name="a.txt"))
    assert [each.title for each in items] == ["éé��␀", "b", ": c"]
    assert [each.kind for each in items[0].problems] == ["bad-utf8"]
    assert [each.kind for each in items[1].problems] == ["bad-date"]
    for data in (b"", b"nothing here\n", "31/12/22, 11:40 - A: b".encode("utf-16")):
        items, _, _ = read_all(chat_text.read, data, Context(name="a.txt"))
        assert [each.kind for each in items] == ["document"]


@pytest.mark.parametrize(
    ("name", "folder", "chat", "named"),
    [
        ("WhatsApp Chat with Bob.txt", "", "Bob", True),
        ("WhatsApp-Chat mit Bob B.txt", "", "Bob B", True),
        ("Chat de WhatsApp con Bob.txt", "", "Bob", True),
        ("Discussion WhatsApp avec Bob.txt", "", "Bob", True),
        ("_chat.txt", "WhatsApp Chat - Bob.zip", "Bob", True),
        ("_chat.txt", "export", "export", False),
        ("notes.txt", "", "notes", False),
    ],
)
def test_the_name_of_the_file_or_archive_tells_the_chat(
    name: str, folder: str, chat: str, named: bool
) -> None:
    data = b"31/12/22, 11:40 - Ann: a\n"
    (item,), _, _ = read_all(chat_text.read, data, Context(name=name, folder=folder))
    assert facts(item)["chat"] == chat
    assert people(item) == [("from", "Ann", ""), *([("to", chat, "")] if named else [])]


COPIED = (
    "张三 2024-01-02 10:00:00\n你好\n表格 2024-01-02 09:00:00\n\nAnn Lee 2024-01-02 10:01:00\n好的\n第二行\n"
).encode()


def test_what_is_copied_from_dingtalk_has_the_name_first() -> None:
    assert identify(COPIED, len(COPIED), "a.txt").id == "chat-text"
    items, problems, _ = read_all(chat_text.read, COPIED)
    assert problems == []
    assert [(people(each), text(each)) for each in items] == [
        ([("from", "张三", "")], "你好\n表格 2024-01-02 09:00:00"),
        ([("from", "Ann Lee", "")], "好的\n第二行"),
    ]
    assert items[0].when is not None
    assert items[0].when.raw == "2024-01-02 10:00:00"
    cut, _, _ = read_all(chat_text.read, COPIED[:-13])
    assert text(cut[1]) == "好\ufffd"
    assert [each.kind for each in cut[1].problems] == ["bad-utf8"]


@pytest.mark.parametrize(
    "words",
    [
        "Notes\n\nVersion one 2024-01-02 10:00\nWords.\n\nVersion two 2024-01-03 10:00\nWords.\n",
        "Version one 2024-01-02 10:00\nWords.\nVersion two 2024-01-03 10:00\nWords.\n",
        "Version one 2024-01-02 10:00\nWords and no more.\n",
    ],
)
def test_other_texts_with_times_are_no_chats(words: str) -> None:
    data = words.encode()
    assert identify(data, len(data), "a.txt").id == "text"
