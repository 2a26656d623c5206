"""How what appears, and who it was decided to be, is called in the window."""

from __future__ import annotations

KIND_WORDS = {
    "address": "mail address", "name": "name alone", "account": "account", "key": "API key",
    "ip": "IP address", "organisation": "organisation", "agent": "program", "end-user": "end user",
}  # fmt: skip
PERSON_WORDS = (
    ("person", "person"), ("organisation", "organisation"), ("shared", "shared by several"),
)  # fmt: skip
ROLE_WORDS = {
    "from": "from", "sender": "sender", "reply-to": "reply to", "to": "to", "cc": "cc", "bcc": "bcc",
    "attendee": "attendee", "actor": "actor", "contact": "contact", "exchange": "uses the API",
}  # fmt: skip
"""As what somebody appears, by the name that the case keeps."""
