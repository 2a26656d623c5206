"""DiscordChatExporter's pages: one channel in HTML.

The page shows times in the form its maker's computer had, which may be the day or the month first. Discord's
number of a message holds its time to the millisecond: that is read, and the shown one kept beside it.

Source: Tyrrrz/DiscordChatExporter `MessageGroupTemplate.cshtml`, `PreambleTemplate.cshtml`; discord.com
developers' reference, "Snowflakes".
"""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.chat_pages import attribute, one_line, parsed, words
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Party, When

Record = dict[str, Any]

OPENING = re.compile(rb"<div\s[^<>]*\bclass=[\"']?chatlog__message-container[\s\"'>][^<>]*>?")
SIGNS = re.compile(
    rb"class=[\"']?preamble__entry|\.preamble__entry\b|class=[\"']?chatlog__message-container"
)
SNOWFLAKES_BEGIN_MS = 1_420_070_400_000
"""2015 began then; the number's upper 42 bits count from there."""

_SCROLLS = re.compile(r"scrollToMessage\(event,\s*'(\d{1,20})'\)")
_SHOWN = re.compile(r"(?:Image|Video|Audio): (.*?)(?: \(([^()]*)\))?", re.DOTALL)


def around(untrusted_head: str) -> Record:
    """What the page's head says of all its messages: server, channel with its category, topic."""
    tree = parsed(untrusted_head)
    entries = tree.css("div.preamble__entry") if tree is not None else []
    large = [e for e in entries if "preamble__entry--small" not in attribute(e, "class")]
    small = [e for e in entries if "preamble__entry--small" in attribute(e, "class")]
    lines = [one_line(each) for each in large]
    category, _, channel = lines[1].rpartition(" / ") if len(lines) > 1 else ("", "", "")
    return {
        "team": lines[0] if lines else "",
        "category": category,
        "channel": channel,
        "topic": one_line(small[0]) if small else "",
    }


def read_discord_page(tree: LexborHTMLParser, draft: Draft) -> bool:
    """One message or event of a channel; one below another of the same person shows no name."""
    node = tree.css_first("div.chatlog__message-container")
    if node is None:
        return False
    event = node.css_first(".chatlog__system-notification-content")
    _show_emoji(node)
    number = attribute(node, "data-message-id") or attribute(node, "id").rpartition("-")[2]
    author = node.css_first(".chatlog__author, .chatlog__system-notification-author")
    joined = author is None
    if author is not None:
        draft.memory["author"] = (
            one_line(author), attribute(author, "data-user-id"), attribute(author, "title"),
        )  # fmt: skip
    name, account, full = draft.memory.get("author", ("", "", ""))
    shown = node.css_first(
        ".chatlog__timestamp, .chatlog__short-timestamp, .chatlog__system-notification-timestamp"
    )
    reply = node.css_first(".chatlog__reply-link")
    scrolls = _SCROLLS.search(attribute(reply, "onclick"))
    channel = str(draft.around.get("channel") or "")
    facts: Record = {
        "chat": channel,
        **draft.around,
        "id": number,
        "reply_to": scrolls[1] if scrolls else "",
        "quoted": one_line(reply) or one_line(node.css_first(".chatlog__reply-unknown")),
        "event": "system notification" if event is not None else "",
        "edited": attribute(node.css_first(".chatlog__edited-timestamp"), "title"),
        "time_shown": attribute(shown, "title") or one_line(shown),
        "reactions": _reactions(node),
        "attachments": _files(node),
        "account": full,
        "bot": one_line(node.css_first(".chatlog__author-tag")),
        "pinned": "chatlog__message-container--pinned" in attribute(node, "class"),
        "name_from": "the message before" if joined and name else "",
    }
    said = node.css_first(".chatlog__markdown-preserve") if event is None else event
    if event is None and said is not None and _is_below(said, "chatlog__embed"):
        said = None
    content = node.css_first(".chatlog__content")
    if said is None and content is not None:
        said = content.css_first(".chatlog__markdown-preserve") or content
    to = Party("to", f"#{channel}" if channel else "", "")
    embeds = [_lines(each) for each in node.css("div.chatlog__embed")]
    return put_message(
        draft, "Discord", text=_without_mark(said), when=sent(number), facts=facts,
        parties=[Party("from", name, account), to],
        more=[("attachment", "\n".join(filter(None, embeds)))],
    )  # fmt: skip


def sent(untrusted_number: str) -> When | None:
    """The time that a number of Discord's holds; None for what is no such number."""
    if not untrusted_number.isdecimal() or not 10**16 <= int(untrusted_number) < 2**63:
        return None
    ms = (int(untrusted_number) >> 22) + SNOWFLAKES_BEGIN_MS
    return When(ms * 1000, untrusted_number, "the message's number", "explicit", 1000)


def _show_emoji(node: LexborNode) -> None:
    """Put the sign itself in the place of its picture."""
    for picture in node.css("img.chatlog__emoji"):
        if not _is_below(picture, "chatlog__reaction"):
            picture.replace_with(attribute(picture, "alt"))


def _without_mark(node: LexborNode | None) -> str:
    """The words of a message without the page's own `(edited)`."""
    for mark in node.css(".chatlog__edited-timestamp") if node is not None else ():
        mark.decompose()
    return words(node)


def _is_below(node: LexborNode, name: str) -> bool:
    above = node.parent
    while above is not None:
        if name in attribute(above, "class").split():
            return True
        above = above.parent
    return False


def _reactions(node: LexborNode) -> list[Record]:
    found = []
    for each in node.css("div.chatlog__reaction"):
        sign = attribute(each.css_first("img"), "alt") or attribute(each, "title")
        found.append(
            {"reaction": sign, "count": one_line(each.css_first(".chatlog__reaction-count"))}
        )
    return found


def _files(node: LexborNode) -> list[Record]:
    """Names, places and sizes of what came with it, stickers among them."""
    found = []
    for each in node.css("div.chatlog__attachment, div.chatlog__sticker"):
        media = each.css_first(".chatlog__attachment-media[title], source[title]")
        told = _SHOWN.fullmatch(attribute(media, "title"))
        source = each.css_first("a[href]") or each.css_first("[src], [data-source]")
        entry = {
            "name": told[1] if told else one_line(each.css_first(".chatlog__attachment-generic-name"))
            or attribute(each, "title"),
            "link": attribute(source, "href") or attribute(source, "src")
            or attribute(source, "data-source"),
            "size": (told[2] or "") if told
            else one_line(each.css_first(".chatlog__attachment-generic-size")),
            "type": "sticker" if "chatlog__sticker" in attribute(each, "class") else "",
        }  # fmt: skip
        found.append({key: value for key, value in entry.items() if value})
    return found


def _lines(node: LexborNode) -> str:
    """The words of a box below a message, a line for each of its parts."""
    parts = node.css(
        ".chatlog__embed-author, .chatlog__embed-title, .chatlog__embed-description, "
        ".chatlog__embed-field-name, .chatlog__embed-field-value, .chatlog__embed-footer-text, "
        ".chatlog__embed-invite-title, .chatlog__embed-invite-info"
    )
    return "\n".join(filter(None, map(words, parts)))
