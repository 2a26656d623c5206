"""Who is named in an address field: names and addresses out of every shape mail programs write."""

from __future__ import annotations

import re
from functools import lru_cache

from casekit.ingest.mail.words import plain, readable

MAX_PARTIES = 5000
"""Addresses of one field that are kept."""

_MAX_FIELD = 512 * 1024
_SIMPLE = re.compile(
    r"(?:\"([^\"\\<>]*)\"|([^\"<>,;:@()\\\[\]]*?))\s*<\s*([^\s<>,;:()\"\\]+@[^\s<>,;:()\"\\@]+)\s*>\Z"
)
_BARE = re.compile(r"[^\s<>,;:()\"\\@\[\]]+@[^\s<>,;:()\"\\@\[\]]+\Z")
_TOKEN = re.compile(
    r"\"(?P<quoted>(?:[^\"\\]|\\.)*+)\"?"
    r"|<(?P<angle>[^>\"]*+(?:\"(?:[^\"\\]|\\.)*+\"?[^>\"]*+)*+)>?"
    r"|(?P<open>\()"
    r"|(?P<mark>[,;:])"
    r"|(?P<text>[^\",;:<(]++)",
    re.DOTALL,
)
_ROUTE = re.compile(r"\s*@[^:]*:")
_QUOTED_LOCAL = re.compile(r"\"(?:[^\"\\]|\\.)*+\"\s*@", re.DOTALL)
_SPACE = re.compile(r"\s+")
_LINKED = re.compile(r"\[(?:mailto|SMTP):([^\[\]<>\s]{1,320})\]", re.IGNORECASE)
"""As Outlook prints an address."""
_AT = re.compile(r"([^\s@\"]{1,64}) at ([^\s@\"]{1,253}\.[^\s@\".]{2,63})")
"""As archives of mailing lists write an address, against those who gather them (Mailman, Pipermail)."""


def read_addresses(value: str, charset: str = "") -> tuple[tuple[str, str], ...]:
    """(name, address) pairs of an address field, in order.

    Names are decoded; an address keeps its case. A group gives its members; a group without any, such
    as `undisclosed-recipients:;`, gives its name with an empty address. Text in which no address can
    be seen is given as a name, so that nothing written in the field is lost.

    Args:
        value: The unfolded value, its 8-bit bytes as surrogate escapes.
        charset: What 8-bit bytes that are not UTF-8 are tried as.
    """
    return _read(value, charset) if len(value) < 1000 else _read_now(value, charset)


def _read_now(value: str, charset: str) -> tuple[tuple[str, str], ...]:
    value = _LINKED.sub(r"<\1>", value.strip())
    if not value:
        return ()
    found = _SIMPLE.match(value)
    if found:
        name = found[1] if found[1] is not None else found[2]
        return ((_name(name, charset), plain(found[3], charset)),)
    if _BARE.match(value):
        return (("", plain(value, charset)),)
    return tuple(_Fields(charset).read(value[:_MAX_FIELD]))


_read = lru_cache(maxsize=8192)(_read_now)  # the same few people write most of a mailbox


def _name(text: str, charset: str) -> str:
    return _SPACE.sub(" ", readable(text, charset)).strip().strip("'").strip()


class _Fields:
    """One pass over the tokens of an address list; RFC 5322 section 3.4 with its obsolete forms."""

    def __init__(self, charset: str) -> None:
        self._charset = charset
        self._found: list[tuple[str, str]] = []
        self._group = ""
        self._group_from = 0
        self._start()

    def _start(self) -> None:
        self._words: list[str] = []
        self._angle: str | None = None
        self._comments: list[str] = []

    def read(self, value: str) -> list[tuple[str, str]]:
        at = 0
        while at < len(value) and len(self._found) < MAX_PARTIES:
            token = _TOKEN.match(value, at)
            if token is None:  # a stray mark that no token begins with
                at += 1
                continue
            at = token.end()
            kind = token.lastgroup
            if kind == "open":
                comment, at = _comment(value, at)
                self._comments.append(comment)
            elif kind == "mark":
                self._mark(token["mark"])
            elif kind == "angle":
                self._angle = token["angle"]
            elif kind == "quoted":
                self._words.append('"' + token["quoted"] + '"')
            else:
                self._words.append(token["text"])
        self._finish()
        self._end_group()
        return self._found

    def _mark(self, mark: str) -> None:
        if mark == ":" and self._angle is None and "@" not in "".join(self._words):
            self._end_group()
            self._group = _unquoted("".join(self._words)).strip() or " ".join(self._comments)
            self._group_from = len(self._found)
            self._start()
        elif mark == ":":
            self._words.append(":")
        else:
            self._finish()
            if mark == ";":
                self._end_group()

    def _end_group(self) -> None:
        if self._group and len(self._found) == self._group_from:
            self._found.append((_name(self._group, self._charset), ""))
        self._group = ""

    def _finish(self) -> None:
        words = "".join(self._words).strip()
        comment = " ".join(self._comments)
        if self._angle is not None:
            address = _ROUTE.sub("", self._angle)
            name = _unquoted(words) or comment
            self._add(name, address)
        elif "@" in words:
            self._add_bare(words, comment)
        elif words and not _SPACE.search(words) and not words.startswith('"'):
            self._add(comment, words)  # a local name, as on one machine
        elif hidden := _AT.fullmatch(words):
            self._add(comment, f"{hidden[1]}@{hidden[2]}")
        elif words or comment:
            self._add(_unquoted(words) or comment, "")
        self._start()

    def _add_bare(self, words: str, comment: str) -> None:
        """An address without angle brackets, perhaps with the name beside it."""
        if words.startswith('"'):
            local = _QUOTED_LOCAL.match(words)
            self._add(comment if local else _unquoted(words), words if local else "")
            return
        pieces = words.split()
        addresses = [piece for piece in pieces if "@" in piece and len(piece) > 2]
        if len(addresses) == 1 and len(pieces) > 1:
            rest = " ".join(piece for piece in pieces if piece is not addresses[0])
            self._add(_unquoted(rest) or comment, addresses[0])
        elif len(addresses) == len(pieces):
            for address in addresses:
                self._add(comment, address)
        else:
            self._add(comment, "".join(pieces))

    def _add(self, name: str, address: str) -> None:
        address = plain(_SPACE.sub("", address), self._charset).strip("'")
        name = _name(name, self._charset)
        if name or address:
            self._found.append((name, address))


def _unquoted(words: str) -> str:
    if '"' not in words:
        return words
    return words.replace('\\"', "\x00").replace('"', "").replace("\x00", '"').replace("\\\\", "\\")


def _comment(value: str, at: int) -> tuple[str, int]:
    """The comment that began before `at`, and where it ends; comments nest."""
    depth = 1
    begin = at
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return value[begin:at], at + 1
        at += 1
    return value[begin:], len(value)
