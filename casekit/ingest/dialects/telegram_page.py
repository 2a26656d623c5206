"""Telegram Desktop's `messages.html`: the pages of one chat, without its people's numbers.

A message sent soon after another of the same person shows no name (`joined`), and an event no time: the
name is that of the message before, the time the day that stands above.

Source: core.telegram.org/import-export; telegramdesktop/tdesktop `export_output_html.cpp`.
"""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.chat_pages import attribute, one_line, parsed, words
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.page_times import english_time, telegram_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

OPENING = re.compile(rb'<div\s[^<>]*\bclass="message (?:default|service)\b[^<>]*>')
SIGNS = re.compile(rb'class="message (?:default clearfix|service)[^"]{0,20}" id="message-?\d')

_NUMBER = re.compile(r"message(-?\d+)$")
_ANSWERED = re.compile(r"go_to_message(-?\d+)$")
_MEDIA = re.compile(r"\bmedia_([a-z_]+)")
_WRAPS = re.compile(r"\b(photo|sticker|animated|video_file)_wrap\b")


def around(untrusted_head: str) -> Record:
    """What the page's head says of all its messages: the chat's name."""
    tree = parsed(untrusted_head)
    header = tree.css_first("div.page_header div.text") if tree is not None else None
    return {"chat": one_line(header)}


def read_telegram_page(tree: LexborHTMLParser, draft: Draft) -> bool:
    """One message or event; False for the day that the page shows between them."""
    node = tree.css_first("div.message")
    if node is None:
        return False
    found = _NUMBER.search(attribute(node, "id"))
    number = found[1] if found else ""
    if "service" in attribute(node, "class").split():
        return _event(node, number, draft)
    body = _child(node, "body")
    forward = _child(body, "forwarded")
    stamp = _child(body, "date")
    sender = one_line(_child(body, "from_name"))
    joined = not sender
    if joined:
        sender = draft.memory.get("sender", "")
    draft.memory["sender"] = sender
    name, _, via = sender.partition(" via @")
    inside = forward if forward is not None else body
    facts: Record = {
        "chat": draft.around.get("chat"),
        "id": number,
        "reply_to": _answered(inside),
        "answers_elsewhere": _elsewhere(inside),
        "forwarded": _forwarded(forward, draft),
        "via": via,
        "name_from": "the message before" if joined and sender else "",
        "signature": one_line(_child(inside, "signature")),
        "reactions": _reactions(inside),
        "attachments": _files(inside),
        "links": _links(_child(inside, "text")),
    }
    when = telegram_time(attribute(stamp, "title"), "title")
    chat = str(draft.around.get("chat") or "")
    to = [Party("to", chat, "")] if chat and chat != name else []
    poll = inside.css_first("div.media_poll") if inside is not None else None
    return put_message(
        draft, "Telegram", text=words(_child(inside, "text")), when=when, facts=facts,
        parties=[Party("from", name, ""), *to], more=[("attachment", _lines(poll))],
    )  # fmt: skip


def _event(node: LexborNode, number: str, draft: Draft) -> bool:
    """What happened, in the page's own words; a day is kept for the events below it."""
    said = _child(node, "body")
    text = words(said)
    if number.startswith("-"):
        draft.memory["day"] = text
        return False
    draft.memory["sender"] = ""
    chat = str(draft.around.get("chat") or "")
    facts: Record = {
        "chat": chat,
        "id": number,
        "reply_to": _answered(node),
        "event": "service message",
        "generated": True,
    }
    when = english_time(draft.memory.get("day", ""), "the day above")
    to = [Party("to", chat, "")] if chat else []
    return put_message(draft, "Telegram", text=text, when=when, parties=to, facts=facts)


def _child(node: LexborNode | None, name: str) -> LexborNode | None:
    """The first element directly below that has a class."""
    below = node.iter() if node is not None else ()
    return next((each for each in below if name in attribute(each, "class").split()), None)


def _answered(node: LexborNode | None) -> str:
    for link in node.css("a[href]") if node is not None else ():
        found = _ANSWERED.search(attribute(link, "href"))
        if found:
            return found[1]
    return ""


def _elsewhere(node: LexborNode | None) -> str:
    """What stands in place of the answered message's number where that is in another chat."""
    said = one_line(_child(node, "reply_to"))
    return said if said and not _answered(node) else ""


def _forwarded(node: LexborNode | None, draft: Draft) -> Record:
    """From whom and when it was first sent; a joined one shows neither again."""
    if node is None:
        draft.memory.pop("forwarded", None)
        return {}
    name = _child(node, "from_name")
    if name is None:
        return dict(draft.memory.get("forwarded", {}))
    stamp = name.css_first("span.date")
    at = attribute(stamp, "title") or one_line(stamp)
    shown = one_line(stamp)
    found = {"from": one_line(name).removesuffix(shown).strip(), "at": at}
    draft.memory["forwarded"] = found
    return dict(found)


def _reactions(node: LexborNode | None) -> list[Record]:
    found = []
    for each in node.css("span.reaction") if node is not None else ():
        by = [attribute(who, "title") for who in each.css("[title]")]
        entry: Record = {
            "reaction": one_line(each.css_first("span.emoji")),
            "count": one_line(each.css_first("span.count")),
            "by": [who for who in by if who],
        }
        found.append({key: value for key, value in entry.items() if value})
    return found


def _files(node: LexborNode | None) -> list[Record]:
    """What came with it: its name and place in the export, or why it was left out."""
    found = []
    for wrap in node.css("div.media_wrap") if node is not None else ():
        classes = " ".join(attribute(each, "class") for each in wrap.css("a, div.media"))
        kind = _MEDIA.search(classes) or _WRAPS.search(classes)
        entry = {
            "name": one_line(wrap.css_first("div.title")),
            "link": attribute(wrap.css_first("a[href]"), "href"),
            "type": kind[1].replace("_", " ") if kind else "",
            "said": ", ".join(
                one_line(each) for each in wrap.css("div.description, div.status, div.video_duration")
            ),
        }  # fmt: skip
        if any(entry.values()):
            found.append({key: value for key, value in entry.items() if value})
    return found


def _links(node: LexborNode | None) -> list[str]:
    """Where a word leads to that shows something else."""
    links = node.css("a[href]") if node is not None else ()
    found = (attribute(each, "href") for each in links if attribute(each, "href") != one_line(each))
    return [each for each in dict.fromkeys(found) if each and not each.startswith("#")]


def _lines(node: LexborNode | None) -> str:
    """The words of each element directly below, a line each."""
    if node is None:
        return ""
    return "\n".join(filter(None, (one_line(each) for each in node.iter())))
