from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.reading import read_any
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.test_tapes import tape

ZULIP = {
    "id": 110, "content": "<p>I <b>made</b> this</p>", "content_type": "text/html", "display_recipient": "dev",
    "recipient_id": 7, "sender_email": "ann@a.example", "sender_full_name": "Ann", "sender_id": 11,
    "subject": "lunch", "timestamp": 1537285674, "type": "stream", "stream_id": 4,
    "last_edit_timestamp": 1537285680,
    "reactions": [{"emoji_name": "+1", "user": {"full_name": "Bob"}}], "flags": ["read"],
}  # fmt: skip
KEPT = {
    "id": 5, "sender": 11, "recipient": 20, "subject": "lunch", "content": "Hello **all**",
    "rendered_content": "<p>Hello</p>", "date_sent": 1553166512.493,
}  # fmt: skip
WEBEX = {
    "id": "M2", "parentId": "M1", "roomId": "R", "roomType": "group", "text": "Hello", "html": "<p>Hello</p>",
    "personId": "P", "personEmail": "ann@a.example", "created": "2020-05-01T10:00:00.000Z",
    "files": ["https://webexapis.example/contents/1"], "mentionedPeople": ["P2"],
}  # fmt: skip
FEISHU = {
    "message_id": "om_2", "root_id": "om_1", "parent_id": "om_1", "msg_type": "text", "chat_id": "oc_5",
    "create_time": "1615380573411", "update_time": "1615380573999", "updated": True, "deleted": False,
    "sender": {"id": "ou_1", "id_type": "open_id", "sender_type": "user"},
    "body": {"content": '{"text":"@_user_1 你好"}'},
    "mentions": [{"key": "@_user_1", "id": "ou_2", "id_type": "open_id", "name": "Bob"}],
}  # fmt: skip


def test_zulip_messages_of_the_api() -> None:
    (item,) = messages({"result": "success", "anchor": 0, "messages": [ZULIP]})
    assert (text(item), text(item, "html")) == ("I made this", "<p>I <b>made</b> this</p>")
    assert people(item) == [("from", "Ann", "ann@a.example"), ("to", "#dev", "")]
    assert item.when is not None
    assert (item.when.us, item.when.zone) == (1537285674_000_000, "explicit")
    assert facts(item) == {
        "service": "Zulip", "chat": "dev > lunch", "channel": "dev", "channel_id": "7", "topic": "lunch",
        "id": "110", "edited": 1537285680, "reactions": [{"reaction": "+1", "by": ["Bob"]}],
    }  # fmt: skip
    assert thread(item) == ("Zulip/7/110", ())


def test_zulip_messages_between_people_name_the_others() -> None:
    both = [{"id": 11, "email": "ann@a.example", "full_name": "Ann"},
            {"id": 12, "email": "bob@a.example", "full_name": "Bob"}]  # fmt: skip
    (item,) = messages({"messages": [{**ZULIP, "display_recipient": both, "subject": ""}]})
    assert people(item) == [
        ("from", "Ann", "ann@a.example"),
        ("to", "Bob", "bob@a.example"),
    ]
    assert facts(item)["chat"] == "Ann, Bob"


def test_a_zulip_export_takes_its_names_from_the_file_beside() -> None:
    alone = messages({"zerver_usermessage": [], "zerver_message": [KEPT]})
    assert people(alone[0]) == [("from", "", "11")]
    assert facts(alone[0])["chat"] == "20 > lunch"
    realm = {
        "zerver_userprofile": [{"id": 11, "full_name": "Ann"}],
        "zerver_stream": [{"id": 4, "name": "dev"}],
        "zerver_recipient": [{"id": 20, "type": 2, "type_id": 4}],
    }
    data = tape(
        {
            "x/messages-000001.json": json.dumps({"zerver_message": [KEPT]}).encode(),
            "x/realm.json": json.dumps(realm).encode(),
        }
    )
    found = [e for e in read_any(data, Context(name="x.tar"), "tar") if isinstance(e, Parsed)]
    (item,) = [each for each in found if each.kind == "message"]
    assert (text(item), facts(item)["chat"]) == ("Hello **all**", "dev > lunch")
    assert people(item) == [("from", "Ann", "11"), ("to", "#dev", "")]


def test_a_webex_page() -> None:
    (item,) = messages({"items": [WEBEX]})
    assert (text(item), text(item, "html")) == ("Hello", "<p>Hello</p>")
    assert people(item) == [("from", "", "ann@a.example"), ("to", "", "R")]
    assert facts(item) == {
        "service": "Webex", "chat": "R", "chat_id": "R", "id": "M2", "thread": "M1", "mentions": ["P2"],
        "attachments": [{"link": "https://webexapis.example/contents/1"}],
    }  # fmt: skip
    assert thread(item) == ("Webex/R/M2", ("Webex/R/M1",))
    only = {key: each for key, each in WEBEX.items() if key != "text"}
    assert text(messages([{**only, "html": "<p>a<br>b</p>"}])[0]) == "a\nb"


def test_a_feishu_page() -> None:
    (item,) = messages(
        {"code": 0, "msg": "success", "data": {"has_more": False, "items": [FEISHU]}}
    )
    assert text(item) == "@_user_1 你好"
    assert people(item) == [("from", "", "ou_1"), ("to", "", "oc_5")]
    assert item.when is not None
    assert item.when.us == 1615380573411_000
    assert facts(item) == {
        "service": "Feishu", "chat": "oc_5", "chat_id": "oc_5", "id": "om_2", "thread": "om_1",
        "reply_to": "om_1", "edited": "1615380573999",
        "mentions": [{"key": "@_user_1", "name": "Bob", "id": "ou_2"}],
    }  # fmt: skip
    assert thread(item) == ("Feishu/oc_5/om_2", ("Feishu/oc_5/om_1",))


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("post", '{"title":"T","content":[[{"tag":"text","text":"a "},{"tag":"at","user_name":"B"}],'
                 '[{"tag":"text","text":"c"}]]}', "T\na B\nc"),
        ("post", '{"zh_cn":{"title":"T","content":[[{"tag":"text","text":"a"}]]}}', "T\na"),
        ("file", '{"file_key":"f","file_name":"w.bin"}', ""),
        ("text", "no json", "no json"),
        ("text", '["a"]', ""),
        ("post", '{"content":[[7],8]}', ""),
    ],
)  # fmt: skip
def test_what_is_said_in_feishu(kind: str, content: str, said: str) -> None:
    record = {**FEISHU, "msg_type": kind, "body": {"content": content}}
    (item,) = messages([record])
    assert text(item) == said
    if kind == "file":
        assert facts(item)["attachments"] == [{"name": "w.bin", "id": "f"}]


@pytest.mark.parametrize("record", [ZULIP, KEPT, WEBEX, FEISHU])
def test_wrong_values_cost_no_record(record: dict[str, Any]) -> None:
    for key in record:
        for value in (None, 7, "x", [], [7], {"x": 1}, [["x"]]):
            items, _, _ = read_json([{**record, key: value}])
            assert len(items) == 1


@pytest.mark.parametrize(
    ("record", "name"), [(ZULIP, "Zulip"), (WEBEX, "Webex"), (FEISHU, "Feishu, Lark")]
)
def test_cut_and_other_records_are_left_alone(record: dict[str, Any], name: str) -> None:
    assert recognise(record) == name
    assert recognise({"id": 1, "subject": "x", "content": "y"}) == ""
    whole = json.dumps([record, record]).encode()
    cut = whole[:-9]
    items = [
        e for e in read_any(cut, Context(name="f.json"), "json-records") if isinstance(e, Parsed)
    ]
    assert [each.kind for each in items][:1] == ["message"]
