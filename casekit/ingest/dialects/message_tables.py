"""Messages kept as tables: LinkedIn's `messages.csv`, mail as Outlook exports it, iMazing's chats of an iPhone.

Source: linkedin.com "Download your data"; Outlook for Windows "Export to a file"; iMazing for iPhones.
None has a specification.
"""

from __future__ import annotations

import re
from typing import Any

from casekit.ingest.dialects.chat import instant, put_message, rest_of, text_of
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_LINKEDIN = ("CONVERSATION ID", "FROM", "DATE", "CONTENT")
_LINKEDIN_USED = (
    *_LINKEDIN, "CONVERSATION TITLE", "SENDER PROFILE URL", "TO", "RECIPIENT PROFILE URLS", "SUBJECT",
    "ATTACHMENTS",
)  # fmt: skip
_LISTED = re.compile(r"\s*[,;]\s*")


def read_linkedin_row(record: Record, draft: Draft) -> bool:
    """A row of `messages.csv`: one message."""
    if not all(column in record for column in _LINKEDIN):
        return False
    to, links = text_of(record, "TO"), _split(text_of(record, "RECIPIENT PROFILE URLS"))
    names = [to] if len(links) == 1 else _split(to)
    if len(names) == len(links):
        people = [Party("to", name, link) for name, link in zip(names, links, strict=True)]
    else:
        people = [Party("to", to, ""), *(Party("to", "", link) for link in links)]
    facts: Record = {
        "chat": text_of(record, "CONVERSATION TITLE", "CONVERSATION ID"),
        "chat_id": text_of(record, "CONVERSATION ID"),
        "subject": text_of(record, "SUBJECT"),
        "attachments": [{"link": each} for each in _split(text_of(record, "ATTACHMENTS"))],
        "extra": rest_of(record, _LINKEDIN_USED),
    }
    sender = Party("from", text_of(record, "FROM"), text_of(record, "SENDER PROFILE URL"))
    return put_message(
        draft, "LinkedIn", text=text_of(record, "CONTENT"), facts=facts,
        when=instant(record, ("DATE",), draft.raw), parties=[sender, *people],
    )  # fmt: skip


def _split(text: str) -> list[str]:
    return [each for each in _LISTED.split(text) if each]


_OUTLOOK = ("Subject", "Body", "From: (Name)", "From: (Address)", "To: (Name)", "To: (Address)")
_ROLES = (("to", "To"), ("cc", "CC"), ("bcc", "BCC"))
_OUTLOOK_USED = (
    "Subject", "Body",
    *(f"{field}: ({what})" for field in ("From", "To", "CC", "BCC") for what in ("Name", "Address", "Type")),
)  # fmt: skip


def read_outlook_row(record: Record, draft: Draft) -> bool:
    """A row of Outlook's export: a mail, of which the table keeps neither time nor number."""
    if not all(column in record for column in _OUTLOOK):
        return False
    parties = [_outlook_party("from", record, "From", 0, text_of(record, "From: (Name)"))]
    for role, field in _ROLES:
        names = text_of(record, f"{field}: (Name)").split(";")
        parties += [_outlook_party(role, record, field, at, name) for at, name in enumerate(names)]
    subject = text_of(record, "Subject")
    facts: Record = {"subject": subject, "extra": rest_of(record, _OUTLOOK_USED)}
    return put_message(
        draft, "Outlook", facts=facts, parties=parties,
        text="\n\n".join(filter(None, (subject, text_of(record, "Body")))),
        when=instant(record, ("Date", "Sent", "Received"), draft.raw),
    )  # fmt: skip


def _outlook_party(role: str, record: Record, field: str, at: int, name: str) -> Party:
    """A person of a field; those of one field stand behind each other, in the same order in each column."""
    addresses = text_of(record, f"{field}: (Address)").split(";")
    address = addresses[at].strip() if at < len(addresses) and "@" in addresses[at] else ""
    return Party(role, name.strip(), address)


_IMAZING = ("Chat Session", "Message Date", "Type", "Sender ID", "Text")
_IMAZING_USED = (
    *_IMAZING, "Service", "Sender Name", "Subject", "Edited Date", "Deleted Date", "Replying to", "Reactions",
    "Attachment", "Attachment type",
)  # fmt: skip
_OF_WHATSAPP = frozenset({"Forwarded", "Attachment info"})


def read_imazing_row(record: Record, draft: Draft) -> bool:
    """A row of iMazing's export of iMessage, SMS or WhatsApp: one message.

    The telephone's owner is not named: what went out has nobody as its sender, and `sent`.
    """
    if not all(column in record for column in _IMAZING):
        return False
    service = text_of(record, "Service") or (
        "iMessage" if _OF_WHATSAPP.isdisjoint(record) else "WhatsApp"
    )
    chat, kind = text_of(record, "Chat Session"), text_of(record, "Type")
    sender = Party("from", text_of(record, "Sender Name"), text_of(record, "Sender ID"))
    attached = text_of(record, "Attachment")
    facts: Record = {
        "chat": chat,
        "sent": kind == "Outgoing",
        "event": "notification" if kind == "Notification" else "",
        "subject": text_of(record, "Subject"),
        "edited": text_of(record, "Edited Date"),
        "deleted": text_of(record, "Deleted Date"),
        "quoted": text_of(record, "Replying to"),
        "reactions": text_of(record, "Reactions"),
        "attachments": [{"name": attached, "type": text_of(record, "Attachment type")}]
        if attached else [],
        "extra": rest_of(record, _IMAZING_USED),
    }  # fmt: skip
    known = {sender.name, sender.address}
    to = [Party("to", chat, "")] if kind == "Outgoing" or chat not in known else []
    return put_message(
        draft, service, text=text_of(record, "Text"), facts=facts, parties=[sender, *to],
        when=instant(record, ("Message Date",), draft.raw),
    )  # fmt: skip
