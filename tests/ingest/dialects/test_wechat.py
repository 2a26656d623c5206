from __future__ import annotations

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import csv_records
from tests.ingest.chat_case import facts, messages, people, text
from tests.ingest.records_case import read_all

HEADER = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
ROWS = (
    '1,7,1,0,1,1709977571,,"你好, Ann\n第二行",2024-03-09 17:46:11,,我,wxid_me\n'
    "2,7,3,0,0,1709977572,,,2024-03-09 17:46:12,小李,Li,wxid_li\n"
)


def test_the_table_of_wechatmsg_is_read() -> None:
    said, picture = read_all(csv_records.read, (HEADER + ROWS).encode(), Context(name="chat.csv"))[
        0
    ]
    assert text(said) == "你好, Ann\n第二行"
    assert people(said) == [("from", "我", "wxid_me"), ("to", "", "7")]
    assert said.when == When(1709977571000000, "1709977571", "CreateTime")
    assert (facts(said)["chat"], facts(said)["direction"]) == ("7", "outgoing")
    assert (picture.title, people(picture)[0]) == ("(picture)", ("from", "小李", "wxid_li"))


@pytest.mark.parametrize(
    ("record", "sender", "said", "chat"),
    [
        (
            {"id": 1, "MsgSvrID": "9", "type_name": "文本", "is_sender": 0, "talker": "wxid_li",
             "room_name": "r@chatroom", "msg": "嗯", "src": "", "CreateTime": "2024-03-09 17:46:11"},
            ("from", "", "wxid_li"), "嗯", "r@chatroom",
        ),
        (
            {"seq": 5, "time": "2024-03-09T17:46:11+08:00", "talker": "r@chatroom", "talkerName": "Club",
             "isChatRoom": True, "sender": "wxid_li", "senderName": "Li", "isSelf": False, "type": 1,
             "content": "嗯"},
            ("from", "Li", "wxid_li"), "嗯", "Club",
        ),
        (
            {"消息ID": "4", "类型": "文本", "发送人": "Li", "时间": "2024-03-09 17:46:11", "内容": "嗯"},
            ("from", "Li", ""), "嗯", "folder",
        ),
    ],
)  # fmt: skip
def test_the_other_tools_are_read(
    record: dict[str, object], sender: tuple[str, str, str], said: str, chat: str
) -> None:
    (item,) = messages([record], folder="folder")
    assert (people(item)[0], text(item), facts(item)["chat"]) == (sender, said, chat)
    assert item.when is not None
    assert item.when.zone == ("explicit" if "seq" in record else LOCAL)


def test_a_cut_off_table_keeps_what_comes_before() -> None:
    items, problems, _ = read_all(
        csv_records.read, (HEADER + ROWS).encode()[:-12], Context(name="c.csv")
    )
    assert [text(each) for each in items] == ["你好, Ann\n第二行"]
    assert [each.kind for each in problems] == ["field-count"]


def test_hostile_values_cost_nothing_but_themselves() -> None:
    (item,) = messages([{"talker": [], "msg": {}, "CreateTime": "soon", "is_sender": None}])
    assert (item.title, item.when) == ("(no text)", None)


def test_other_tables_with_chinese_names_are_left_alone() -> None:
    assert recognise({"昵称": "Li", "时间": "2024-03-09", "内容": "好"}) == ""
