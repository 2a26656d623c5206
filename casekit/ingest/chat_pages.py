"""Cuts a chat that was exported as a web page into its messages, each with its exact bytes.

A parser of HTML tells no offsets, and one page may hold a hundred thousand messages: so the tags that can
hold a message are walked once over the bytes, and each message is parsed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.mail.markup import deepest

MOST_DEEP = 200
"""Tags inside each other in one message; the exporters nest about twenty."""

_TAG = re.compile(rb"<(/?)(?:div|section)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)


class Cut(NamedTuple):
    """One message as it stands in the page.

    Attributes:
        offset: Its first byte.
        stop: The byte behind its last.
        line: Line it begins on, from 1.
        whole: Whether its end was found; without it the message goes on to the next, or to the page's end.
    """

    offset: int
    stop: int
    line: int
    whole: bool


def cuts(
    untrusted_page: Data, opening: re.Pattern[bytes], inner: re.Pattern[bytes] | None = None
) -> Iterator[Cut]:
    """The messages of a page in its order, in one pass whatever is left unclosed.

    Args:
        untrusted_page: The page, in a charset that contains ASCII.
        opening: A tag that begins a message.
        inner: A tag inside of which no message begins: those in it are shown a second time.
    """
    line, counted, depth = 1, 0, 0
    begun: tuple[int, int, int] | None = None  # offset, line, depth
    held = 0  # depth of the inner tag in which the walk is, or 0
    for tag in _TAG.finditer(untrusted_page):
        if tag[1]:
            if begun is not None and depth == begun[2]:
                yield Cut(begun[0], tag.end(), begun[1], True)
                begun = None
            held = 0 if depth <= held else held
            depth = max(0, depth - 1)
            continue
        depth += 1
        if held or opening.fullmatch(tag[0]) is None:
            if begun is not None and not held and inner is not None and inner.fullmatch(tag[0]):
                held = depth
            continue
        line += untrusted_page[counted : tag.start()].count(b"\n")
        counted = tag.start()
        if begun is not None:
            yield Cut(begun[0], tag.start(), begun[1], False)
        begun = (tag.start(), line, depth)
    if begun is not None:
        yield Cut(begun[0], len(untrusted_page), begun[1], False)


def parsed(untrusted_html: str) -> LexborHTMLParser | None:
    """One message as a tree in which a form feed marks each line break; None for what lies too deep."""
    if deepest(untrusted_html) > MOST_DEEP:
        return None
    return LexborHTMLParser(_BREAK.sub("\f", untrusted_html.replace("\f", " ")))


def words(node: LexborNode | None) -> str:
    """The words below a node as its reader sees them, with its line breaks; empty for None."""
    if node is None:
        return ""
    text = tidy(node.text(deep=True, separator=""))
    return "\n".join(line.strip("\n") for line in text.strip().split("\f")).strip()


def one_line(node: LexborNode | None) -> str:
    """The words below a node on one line."""
    return " ".join(words(node).split())


def attribute(node: LexborNode | None, name: str) -> str:
    """An attribute's value, empty where there is none."""
    return tidy((node.attributes.get(name) or "").strip()) if node is not None else ""
