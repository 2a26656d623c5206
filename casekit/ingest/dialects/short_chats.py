"""Messages in what TikTok and Snapchat give a person of their data: who wrote, and when.

Source: support.tiktok.com, "Requesting your data", and abrignoni/RLEAPP `tikTokArchiveJson.py`;
help.snapchat.com, "Download My Data", `chat_history.json` as it was until 2023. Neither has a specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.chat import put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

SAVED = (
    "Received Saved Chat History", "Sent Saved Chat History", "Received Unsaved Chat History",
    "Sent Unsaved Chat History",
)  # fmt: skip
"""The lists of Snapchat's `chat_history.json`."""
_WITH = "Chat History with "
_TIKTOK = frozenset({"Date", "From", "Content"})
_SNAPCHAT = frozenset({"Media Type", "Created"})


def is_tiktok(record: Mapping[str, Any]) -> bool:
    """Whether a parsed value is a message of TikTok."""
    return type(record) is dict and record.keys() >= _TIKTOK


def read_tiktok(record: Record, draft: Draft) -> bool:
    """One message; its chat is called after the other person."""
    if not is_tiktok(record) or not text_of(draft.around, "key").startswith(_WITH):
        return False
    chat = text_of(draft.around, "key").removeprefix(_WITH).rstrip(":")
    name = text_of(record, "From")
    parties = [Party("from", name, ""), *([Party("to", chat, "")] if name != chat else [])]
    return put_message(
        draft, "TikTok", text=text_of(record, "Content"), when=read_time(record["Date"], "Date", draft.raw),
        parties=parties, facts={"chat": chat, "extra": rest_of(record, _TIKTOK)},
    )  # fmt: skip


def is_snapchat(record: Mapping[str, Any]) -> bool:
    """Whether a parsed value is a message of Snapchat."""
    return (
        type(record) is dict and record.keys() >= _SNAPCHAT and bool({"From", "To"} & record.keys())
    )


def read_snapchat(record: Record, draft: Draft) -> bool:
    """One message, with the person at the other end alone; of pictures and sounds only that they were sent."""
    if not is_snapchat(record):
        return False
    name, kind = text_of(record, "From", "To"), text_of(record, "Media Type")
    used = ("From", "To", "Media Type", "Created", "Text")
    event = "" if kind in ("", "TEXT") else kind.lower()
    return put_message(
        draft, "Snapchat", text=text_of(record, "Text"),
        parties=[Party("from" if "From" in record else "to", name, "")],
        when=read_time(record["Created"], "Created", draft.raw),
        facts={"chat": name, "event": event, "extra": rest_of(record, used)},
    )  # fmt: skip
