"""The text of an HTML mail: what a reader would see, one line a block, nothing loaded."""

from __future__ import annotations

import html
import re

_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|fieldset|figure|footer|"
    r"form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|table|tr|ul)\b)",
    re.IGNORECASE,
)
_CELL = re.compile(r"<(?=t[dh]\b)", re.IGNORECASE)
_UNSEEN = ["script", "style", "head", "title", "template", "noscript", "noframes"]
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset({
    "br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source", "track", "embed",
})  # fmt: skip
_ANY_TAG = re.compile(r"<[^<>]*>")
_HIDES = re.compile(r"<(script|style|head|title)\b", re.IGNORECASE)
_REMOTE = re.compile(
    r"\b(?:src|background|poster)\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:https?:)?//([^/\"'\s>?#]{1,253})",
    re.IGNORECASE,
)
_REMOTE_HOSTS = 50
_MANY_TAGS = 20_000
_MAX_WORK = 100_000_000


def html_text(untrusted_html: str) -> str:
    """Text of an HTML document, blocks on lines of their own.

    A form feed, which HTML takes for white space everywhere, marks where blocks begin.
    """
    marked = _BLOCK.sub("\f<", _CELL.sub(" <", untrusted_html.replace("\f", " ")))
    text = loose_text(marked) if is_bomb(marked) else _tree_text(marked)
    lines = (" ".join(line.split()) for line in text.split("\f"))
    return "\n".join(line for line in lines if line)


def remote_hosts(untrusted_html: str) -> list[str]:
    """Hosts an HTML mail would ask for pictures, which tells the sender that it was read."""
    found = dict.fromkeys(host.lower() for host in _REMOTE.findall(untrusted_html))
    return list(found)[:_REMOTE_HOSTS]


def _tree_text(marked: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(marked)
    tree.strip_tags(_UNSEEN)
    root = tree.body or tree.root
    return root.text(deep=True, separator="") if root is not None else ""


def is_bomb(untrusted_html: str) -> bool:
    """Whether a parser would take minutes: for each block it looks through all that are open."""
    count = untrusted_html.count("<")
    return count > _MANY_TAGS and deepest(untrusted_html) * count > _MAX_WORK


def deepest(untrusted_html: str) -> int:
    """How many tags lie in each other at most."""
    depth = found = 0
    for tag in _TAG.finditer(untrusted_html):
        if tag[2].lower() not in _VOID:
            depth += -1 if tag[1] else 1
            found = max(found, depth)
    return found


def loose_text(untrusted_html: str) -> str:
    """What is left of HTML without its tags, for what no parser should be given."""
    return html.unescape(_ANY_TAG.sub("", _without_hidden(untrusted_html)))


def _without_hidden(untrusted_html: str) -> str:
    """HTML without its scripts, styles and head; of what is never closed the end is looked for but once."""
    kept, at = [], 0
    unclosed: set[str] = set()
    for tag in _HIDES.finditer(untrusted_html):
        name = tag[1].lower()
        if tag.start() < at or name in unclosed:
            continue
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(untrusted_html, tag.end())
        if end is None:
            unclosed.add(name)
            continue
        kept.append(untrusted_html[at : tag.start()])
        at = end.end()
    return "".join((*kept, untrusted_html[at:]))
