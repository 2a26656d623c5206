"""WeChat as third-party tools export it to CSV or JSON: WeChatMsg (MemoTrace), PyWxDump and chatlog.

WeChat itself exports nothing that can be read; whoever offers such a file should say how it was made.

Source: LC044/WeChatMsg `exporter_csv.py`, xaoyaoo/PyWxDump `export_json.py`, sjzar/chatlog `message.go`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import instant, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_SAID = frozenset({"", "1", "文本", "49"})
_KINDS = {
    "3": "picture", "34": "voice", "42": "card", "43": "video", "47": "sticker", "48": "place",
    "50": "call", "10000": "system", "10002": "system",
}  # fmt: skip
_ITS_OWN = frozenset(("消息ID", "消息类型", "类型"))
_CHINESE = (("时间", "发送时间"), ("发送人", "发送者", "发言人", "昵称"), ("内容", "消息内容"))


def read_wechat(record: Record, draft: Draft) -> bool:
    """One message of any of these tools; told by the names of their columns."""
    keys = record.keys()
    if keys >= {"TalkerId", "StrContent", "CreateTime", "IsSender"}:
        return _memo_trace(record, draft)
    if keys >= {"talker", "msg", "CreateTime", "is_sender"}:
        return _py_wx_dump(record, draft)
    if keys >= {"talker", "sender", "content", "time", "isSelf"}:
        return _chatlog(record, draft)
    if all(keys & set(names) for names in _CHINESE) and keys & _ITS_OWN:
        return _chinese(record, draft)
    return False


def _memo_trace(record: Record, draft: Draft) -> bool:
    used = ("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "StrContent", "StrTime",
            "Remark", "NickName", "Sender")  # fmt: skip
    mine = text_of(record, "IsSender") == "1"
    name = text_of(record, "Remark") or text_of(record, "NickName")
    return _put(
        record, draft, used, text=text_of(record, "StrContent"), kind=text_of(record, "Type"),
        number=text_of(record, "localId"), chat=text_of(record, "TalkerId"), chat_name="",
        sender=Party("from", name, text_of(record, "Sender")), mine=mine,
        times=("CreateTime", "StrTime"),
    )  # fmt: skip


def _py_wx_dump(record: Record, draft: Draft) -> bool:
    used = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "CreateTime")
    return _put(
        record, draft, used, text=text_of(record, "msg"), kind=text_of(record, "type_name"),
        number=text_of(record, "MsgSvrID", "id"), chat=text_of(record, "room_name", "talker"),
        chat_name="", sender=Party("from", "", text_of(record, "talker")),
        mine=text_of(record, "is_sender") == "1", times=("CreateTime",),
    )  # fmt: skip


def _chatlog(record: Record, draft: Draft) -> bool:
    used = ("seq", "time", "talker", "talkerName", "isChatRoom", "sender", "senderName", "isSelf", "type",
            "content")  # fmt: skip
    return _put(
        record, draft, used, text=text_of(record, "content"), kind=text_of(record, "type"),
        number=text_of(record, "seq"), chat=text_of(record, "talker"),
        chat_name=text_of(record, "talkerName"), mine=bool(record["isSelf"]), times=("time",),
        sender=Party("from", text_of(record, "senderName"), text_of(record, "sender")),
    )  # fmt: skip


def _chinese(record: Record, draft: Draft) -> bool:
    """Columns with Chinese names, as the newer versions of WeChatMsg and others write."""
    times, names, contents = _CHINESE
    used = (*times, *names, *contents, *_ITS_OWN)
    return _put(
        record, draft, used, text=text_of(record, *contents), kind=text_of(record, "类型", "消息类型"),
        number=text_of(record, "消息ID"), chat="", chat_name="", mine=False, times=times,
        sender=Party("from", text_of(record, *names), ""),
    )  # fmt: skip


def _put(
    record: Record, draft: Draft, used: tuple[str, ...], *, text: str, kind: str, number: str,
    chat: str, chat_name: str, sender: Party, mine: bool, times: tuple[str, ...],
) -> bool:  # fmt: skip
    facts: Record = {
        "chat": chat_name or chat or draft.context.folder,
        "chat_id": chat,
        "id": number,
        "direction": "outgoing" if mine else "",
        "event": "" if kind in _SAID else _KINDS.get(kind, kind),
        "extra": rest_of(record, used),
    }
    to = Party("to", chat_name, chat)
    if (to.name, to.address) == (sender.name, sender.address) or not (chat or chat_name):
        to = Party("to", "", "")
    when = instant(record, times, draft.raw)
    return put_message(draft, "WeChat", text=text, when=when, parties=[sender, to], facts=facts)
