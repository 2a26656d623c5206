"""Conversations of Facebook and Instagram as Meta's "Download your information" gives them in HTML.

All pages of the download look alike, posts and likes too: a page is one of messages if it links to the
download's folder of messages, or if two people take turns in it. The times are those of the account's
own zone, which the page does not name, in the account's language, of which English alone is read.

Source: facebook.com/help, "Download your information"; no specification: the classes are those that
public readers of such pages go by.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.chat_pages import attribute, one_line, parsed, words
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.meta import SERVICE
from casekit.ingest.dialects.page_times import english_time
from casekit.ingest.parsed import Party

Record = dict[str, Any]

OPENING = re.compile(rb'<(?:div|section)\s[^<>]*\bclass="(?:[^"<>]* )?_a6-g(?: [^"<>]*)?"[^<>]*>')

_NAMES = re.compile(rb'class="[^"<>]{0,60}\b_a6-h\b[^"<>]{0,60}"[^<>]{0,80}>([^<>]{1,200})<')
_FOLDERS = re.compile(
    rb"[\"'/](?:messages|your_\w{1,60})/(?:inbox|e2ee_cutover|archived_threads|message_requests)/"
)
_PEOPLE = re.compile(r"Participants: (.+)", re.DOTALL)
_LAST = re.compile(r",| and ")
_WEB = ("http:", "https:")


def is_conversation(untrusted_head: bytes) -> bool:
    """Whether a page's first bytes show a conversation rather than another list of the download."""
    names = _NAMES.findall(untrusted_head)
    if not names or b"_a6-p" not in untrusted_head:
        return False
    if _FOLDERS.search(untrusted_head):
        return True
    speakers = Counter(names)
    return sum(count > 1 for count in speakers.values()) >= 2 and len(speakers) * 2 <= len(names)


def around(untrusted_head: str) -> Record:
    """What the page's head says of all its messages: the conversation's name."""
    tree = parsed(untrusted_head)
    if tree is None:
        return {}
    name = tree.css_first("h1") or tree.css_first("title")
    return {"chat": one_line(name)}


def read_meta_page(tree: LexborHTMLParser, draft: Draft) -> bool:
    """One message; False for the list of people that some pages begin with."""
    node = tree.css_first("._a6-g")
    if node is None:
        return False
    sender, body, stamp = (node.css_first(f".{name}") for name in ("_a6-h", "_a6-p", "_a6-o"))
    if sender is None and stamp is None:
        found = _PEOPLE.fullmatch(one_line(node))
        if found:
            draft.memory["people"] = [each.strip() for each in _LAST.split(found[1])]
        return not found and bool(one_line(node)) and _bare(node, draft)
    reactions = _reactions(body)
    chat = str(draft.around.get("chat") or "")
    name, shown = one_line(sender), one_line(stamp)
    when = english_time(shown, "footer")
    people = draft.memory.get("people", [])
    facts: Record = {
        "chat": chat,
        "participants": len(people),
        "reactions": reactions,
        "attachments": _files(body),
        "links": _links(body),
        "time_shown": shown if when is None else "",
    }
    to = [Party("to", chat, "")] if chat and chat != name else []
    return put_message(
        draft, SERVICE, text=_lines(body), when=when, facts=facts,
        parties=[Party("from", name, ""), *to],
    )  # fmt: skip


def _bare(node: LexborNode, draft: Draft) -> bool:
    """A box that names neither sender nor time, kept with its words."""
    facts = {"chat": draft.around.get("chat"), "event": "no sender or time"}
    return put_message(draft, SERVICE, text=words(node), when=None, parties=(), facts=facts)


def _reactions(body: LexborNode | None) -> list[str]:
    """Each sign with the name behind it, taken out of the message's words."""
    found = []
    for each in body.css("ul._a6-q") if body is not None else ():
        found += [one_line(line) for line in each.css("li")]
        each.decompose()
    return [each for each in found if each]


def _lines(body: LexborNode | None) -> str:
    """The words of each innermost box, a line each."""
    if body is None:
        return ""
    boxes = [each for each in body.css("div") if each.css_first("div div") is None]
    inner = [each for each in boxes if not [1 for below in each.iter() if below.tag == "div"]]
    return "\n".join(filter(None, map(words, inner))) or words(body)


def _files(body: LexborNode | None) -> list[Record]:
    sources = body.css("a[href], img[src], video[src], audio[src], source[src]") if body else ()
    links = (attribute(each, "href") or attribute(each, "src") for each in sources)
    return [{"link": each} for each in dict.fromkeys(links) if each and not each.startswith(_WEB)]


def _links(body: LexborNode | None) -> list[str]:
    links = (attribute(each, "href") for each in (body.css("a[href]") if body else ()))
    return [each for each in dict.fromkeys(links) if each.startswith(_WEB)]
