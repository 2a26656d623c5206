"""KakaoTalk chats as the program for Macs exports them: a table of date, person and words.

Source: no specification; KakaoTalk for macOS, "Save chats".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.chat import instant, put_message, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_COLUMNS = frozenset({"Date", "User", "Message"})


def read_kakao_row(record: Record, draft: Draft) -> bool:
    """One row: one message."""
    if record.keys() != _COLUMNS:
        return False
    when = instant(record, ("Date",), draft.raw)
    if when is None:
        return False
    chat = draft.context.name.rpartition("/")[2].removesuffix(".csv")
    return put_message(
        draft, "KakaoTalk", text=text_of(record, "Message"), when=when, facts={"chat": chat},
        parties=[Party("from", text_of(record, "User"), "")],
    )  # fmt: skip
