"""Chats exported as web pages: a message for each of the page's, whichever program wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from casekit.ingest import chat_pages
from casekit.ingest.charsets import decode_text, tidy
from casekit.ingest.chat_pages import Cut
from casekit.ingest.containers import Data
from casekit.ingest.dialects import (
    discord_page,
    gemini_page,
    imessage_page,
    meta_page,
    telegram_page,
)
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import MAX_RECORD, Ledger
from casekit.ingest.mail.markup import loose_text
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.readers import html

_HEAD = 1024 * 1024
_MOST_FRAME = 2000
"""Words of the page around its messages, in characters; more than that may be evidence."""


class Exporter(NamedTuple):
    """A program that writes chats as pages.

    Attributes:
        name: As shown to people.
        is_its: Whether a page's first bytes are of such a page.
        opening: The tag that begins a message.
        inner: The tag inside of which messages are shown again, or None.
        around: What the head says of all messages.
        read: Makes one message; False for what only parts messages.
    """

    name: str
    is_its: Callable[[bytes], bool]
    opening: re.Pattern[bytes]
    inner: re.Pattern[bytes] | None
    around: Callable[[str], dict[str, Any]]
    read: Callable[[LexborHTMLParser, Draft], bool]


def _signed(signs: re.Pattern[bytes]) -> Callable[[bytes], bool]:
    return lambda untrusted_head: signs.search(untrusted_head) is not None


ACTIVITY = "Google My Activity"
EXPORTERS = (
    Exporter("Telegram Desktop", _signed(telegram_page.SIGNS), telegram_page.OPENING, None,
             telegram_page.around, telegram_page.read_telegram_page),
    Exporter("DiscordChatExporter", _signed(discord_page.SIGNS), discord_page.OPENING, None,
             discord_page.around, discord_page.read_discord_page),
    Exporter("imessage-exporter", _signed(imessage_page.SIGNS), imessage_page.OPENING,
             imessage_page.INNER, lambda _: {}, imessage_page.read_imessage_page),
    Exporter("Meta", meta_page.is_conversation, meta_page.OPENING, None, meta_page.around,
             meta_page.read_meta_page),
    Exporter(ACTIVITY, gemini_page.is_activity, gemini_page.OPENING, None, lambda _: {},
             gemini_page.read_gemini_page),
)  # fmt: skip


def exporter_of(untrusted_head: bytes) -> Exporter | None:
    """The program that wrote a page, by its first bytes; None for any other page."""
    return next((each for each in EXPORTERS if each.is_its(untrusted_head)), None)


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each message and event of the page; its frame and its days are separators.

    Facts besides those of every chat: `name_from` where the page shows no name, `time_shown` where the time is
    read elsewhere or not at all, `forwarded` (from whom, when), `generated` (the words are the program's).
    Words that stand between messages, and belong to none, are quarantined.

    Source: the modules of `dialects` named `*_page`.
    """
    exporter = exporter_of(untrusted_data[:_HEAD])
    found = chat_pages.cuts(untrusted_data, exporter.opening, exporter.inner) if exporter else None
    first = next(found, None) if found is not None else None
    if exporter is None or found is None or first is None:
        yield from html.read(untrusted_data, context)
        return
    page = _Page(untrusted_data, context, exporter, first.offset)
    ledger = Ledger()
    at = 0
    cut: Cut | None = first
    while cut is not None:
        yield from page.gap(at, cut.offset, cut.line, ledger)
        yield from page.message(cut, ledger)
        at = cut.stop
        cut = next(found, None)
    yield from page.gap(at, len(untrusted_data), None, ledger)
    yield ledger.books()


class _Page:
    """One page: what is the same for all its messages."""

    def __init__(self, data: Data, context: Context, exporter: Exporter, begins: int) -> None:
        self._data = data
        self._context = context
        self._exporter = exporter
        self._memory: dict[Any, Any] = {}
        head = decode_text(data[: min(begins, _HEAD)], "utf-8").text
        self._around = {key: value for key, value in exporter.around(head).items() if value}

    def gap(self, start: int, stop: int, line: int | None, ledger: Ledger) -> Iterator[Problem]:
        """What stands between messages: tags alone, or else words that are quarantined."""
        frame = not start or stop == len(self._data)
        shown = loose_text(self._data[start:stop].decode("utf-8", "replace"))
        length = len("".join(shown.split()))
        if length <= (_MOST_FRAME if frame else 0):
            ledger.separators += stop - start
            return
        ledger.quarantined += stop - start
        said = "These words of the page belong to none of its messages."
        yield Problem("frame", "between", said, line, start, stop - start)

    def message(self, cut: Cut, ledger: Ledger) -> Iterator[Parsed | Problem]:
        """The item of one message, or the problem that keeps its bytes."""
        size = cut.stop - cut.offset
        if size > MAX_RECORD:
            ledger.quarantined += size
            said = f"The message is longer than {MAX_RECORD:,} bytes and was not read."
            yield Problem("frame", "too-long", said, cut.line, cut.offset, size)
            return
        raw = self._data[cut.offset : cut.stop]
        draft = Draft(raw, self._context, self._memory)
        draft.around = self._around
        text = raw.decode("utf-8", "replace")
        tree = chat_pages.parsed(text)
        if tree is None:
            said = "Its tags lie so deep in each other that its words were read without them."
            draft.problems = (Problem("limits", "nesting", said),)
            facts = {"chat": self._around.get("chat")}
            put_message(
                draft, self._exporter.name, text=tidy(loose_text(text)).strip(), when=None,
                parties=(), facts=facts,
            )  # fmt: skip
        elif not self._exporter.read(tree, draft):
            ledger.separators += size
            return
        ledger.good += size
        draft.problems += tuple(_doubts(draft, text, cut))
        yield finish(draft, cut.offset, cut.line, "", "text/html")


def _doubts(draft: Draft, text: str, cut: Cut) -> Iterator[Problem]:
    """What is wrong with a message that was read nevertheless."""
    if not cut.whole:
        said = "The page breaks off, or goes on to the next message, before this one ends."
        yield Problem("frame", "truncated", said)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in draft.raw:
        said = "Some of its bytes are no valid text and are shown as replacement characters."
        yield Problem("parse", "bad-utf8", said)
    if draft.when is None:
        said = "The page shows no time for it, or one in a language that is not known here."
        yield Problem("parse", "no-time", said)
