"""Conversations of Messages on Apple devices as imessage-exporter writes them in HTML.

The file's name alone tells whose conversation it is. Answers stand twice in the page, below the message
they answer and in their own place: the second becomes the message, the first its reference.

Source: ReagentX/imessage-exporter `exporters/html.rs`, `resources/example.html`.
"""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.chat_pages import attribute, one_line, words
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.page_times import english_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

OPENING = re.compile(rb'<div class ?="(?:message|announcement)"(?: [^<>]*)?>')
INNER = re.compile(rb'<div class="repl(?:y|ies)"(?: [^<>]*)?>')
SIGNS = re.compile(
    rb'<div class="message"[^<>]{0,80}>\s{0,40}<div class="(?:received|sent [A-Za-z]{1,20})">\s{0,40}'
    rb'<p><span class="timestamp">'
)

_NUMBER = re.compile(r"message-guid=([0-9A-Za-z-]{8,60})")
_READ = re.compile(r"(.*?)(?:\s*\((.*)\))?", re.DOTALL)
_WAYS = {"sent": "outgoing", "received": "incoming"}
_MOST_ANSWERS = 50_000


def read_imessage_page(tree: LexborHTMLParser, draft: Draft) -> bool:
    """One message, or an announcement such as of a new name of the conversation."""
    node = tree.css_first("div.message, div.announcement")
    if node is None:
        return False
    chat = draft.context.name.rpartition("/")[2].rpartition(".")[0] or draft.context.name
    to = Party("to", chat, "")
    if "announcement" in attribute(node, "class"):
        stamp = node.css_first("span.timestamp")
        when = english_time(one_line(stamp), "timestamp")
        if stamp is not None:
            stamp.decompose()
        facts: Record = {"chat": chat, "event": "announcement", "generated": True}
        return put_message(
            draft, "iMessage", text=words(node), when=when, parties=[to], facts=facts
        )
    number = _number(node)
    answers = _taken(node)
    key = _key(node)
    shown, name, text = key
    told = _READ.fullmatch(shown)
    answered = draft.memory.get(number or key) or draft.memory.get(key) or {}
    if len(draft.memory) < _MOST_ANSWERS:
        draft.memory.update((each, {"reply_to": number, "quoted": text}) for each in answers)
    way = attribute(node.css_first("div.sent, div.received"), "class").split()
    facts = {
        "chat": chat,
        "id": number,
        "reply_to": answered.get("reply_to"),
        "quoted": answered.get("quoted") or one_line(node.css_first("span.reply_context")),
        "sent_as": " ".join(way[1:]) if way[:1] == ["sent"] else "",
        "direction": _WAYS.get(way[0], "") if way else "",
        "read": told[2] if told else "",
        "subject": one_line(node.css_first("span.subject")),
        "edited": bool(node.css("div.edited")),
        "deleted": one_line(node.css_first("span.unsent")) or one_line(node.css_first("span.deleted")),
        "effect": one_line(node.css_first("span.expressive")),
        "reactions": _reactions(node),
        "attachments": _files(node),
    }  # fmt: skip
    before = "\n".join(one_line(row) for row in node.css("div.edited tr"))
    when = english_time(told[1] if told else shown, "timestamp")
    return put_message(
        draft, "iMessage", text=text, when=when, parties=[Party("from", name, ""), to],
        facts=facts, more=[("previous", before)],
    )  # fmt: skip


def _number(node: LexborNode) -> str:
    """Apple's own number of the message, which newer versions give in a link."""
    found = _NUMBER.search(attribute(node.css_first("span.timestamp a[href]"), "href"))
    return found[1] if found else attribute(node, "id").removeprefix("r-")


def _taken(node: LexborNode) -> list[Any]:
    """What the messages shown inside another are known by; that then holds its own words alone."""
    found: list[Any] = []
    for box in node.css("div.replies"):
        for each in box.css("div.message"):
            found += [_key(each), _number(each)]
        box.decompose()
    return [each for each in found if each]


def _key(node: LexborNode) -> tuple[str, str, str]:
    """What is alike in a message and in its second showing: time, sender and words."""
    said = "\n".join(filter(None, map(_said, node.css("div.message_part"))))
    stamp, sender = node.css_first("span.timestamp"), node.css_first("span.sender")
    return one_line(stamp), one_line(sender), said


def _said(part: LexborNode) -> str:
    bubbles = part.css("span.bubble")
    return "\n".join(filter(None, map(words, bubbles)))


def _reactions(node: LexborNode) -> list[str]:
    lines = node.css("div.tapbacks div.tapback, div.reactions div.reaction, div.reactions > p")
    found = [one_line(each) for each in lines]
    return [each for each in found if each and each not in ("Reactions:", "Tapbacks:")]


def _files(node: LexborNode) -> list[Record]:
    found = []
    for part in node.css("div.message_part"):
        sources = part.css("a[href], img[src], video[src], audio[src], source[src]")
        links = (attribute(each, "href") or attribute(each, "src") for each in sources)
        found += [{"link": each} for each in dict.fromkeys(links) if each]
    return found
