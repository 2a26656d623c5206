"""What a person's account with a chat service gives out, row by row: Copilot's table, Gemini's activity.

Source: Microsoft privacy dashboard, "Copilot activity history"; Google Takeout, "My Activity".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.mail.markup import html_text

Record = dict[str, Any]

_COPILOT = frozenset({"Conversation", "Time", "Author", "Message"})
_PERSONS = ("human", "user")


def read_copilot(record: Record, draft: Draft) -> bool:
    """A turn of a talk with Copilot; an answer gets the question that the row before it holds."""
    if not record.keys() >= _COPILOT or not all(type(record[key]) is str for key in _COPILOT):
        return False
    draft.collection = "outputs"
    draft.fields["provider"] = "microsoft"
    draft.fields["conversation_id"] = record["Conversation"]
    draft.when = read_time(record["Time"], "Time", draft.raw)
    asked = ("copilot", record["Conversation"])
    if record["Author"].lower() in _PERSONS:
        draft.prompt = draft.memory[asked] = record["Message"]
        draft.kind = "request"
    else:
        draft.output = record["Message"]
        draft.prompt = str(draft.memory.get(asked, ""))
    for key, value in record.items():
        if key not in _COPILOT or key == "Author":
            draft.put_extra(key, value)
    return True


def read_gemini_activity(record: Record, draft: Draft) -> bool:
    """A question to Gemini with its answer, as Google's record of activity has them."""
    header, title = record.get("header"), record.get("title")
    if type(header) is not str or type(title) is not str or "time" not in record:
        return False
    if not header.startswith(("Gemini", "Bard")):
        return False
    draft.collection = "outputs"
    draft.fields["provider"] = "google"
    draft.when = read_time(record["time"], "time", draft.raw)
    draft.prompt = title.removeprefix("Prompted ")
    shown = record.get("safeHtmlItem")
    pages = (
        [each.get("html") for each in shown if type(each) is dict] if type(shown) is list else []
    )
    answers = [html_text(each) for each in pages if type(each) is str]
    draft.output, *others = answers or [""]
    draft.answers = tuple(others)
    for key, value in record.items():
        if key not in ("time", "title" if draft.prompt == title else ""):
            draft.put_extra(key, value)
    return True
