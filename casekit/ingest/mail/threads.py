"""Which messages belong together: the REFERENCES algorithm of RFC 5256, without the sorting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_BLOB = r"\[[^\[\]]*\]\s*"
_REPLY = re.compile(rf"(?:{_BLOB})*(?:re|fwd?|aw|wg|sv|tr)\s*(?:{_BLOB})?:\s*", re.IGNORECASE)
_LEADING_BLOB = re.compile(_BLOB)
_TRAILER = re.compile(r"\(fwd\)\s*\Z", re.IGNORECASE)
_WRAPPED = re.compile(r"\[fwd:(.*)\]\Z", re.IGNORECASE | re.DOTALL)
_LONG_SUBJECT = 2000


@dataclass(frozen=True, slots=True)
class ThreadInput:
    """What threading needs of a message.

    Attributes:
        key: The caller's name for it.
        message_id: With brackets, or empty.
        references: Message-IDs of References, oldest first.
        in_reply_to: Message-IDs of In-Reply-To; the first counts where References is empty.
        subject: Decoded.
        date_us: Microseconds since 1970 UTC, or None.
    """

    key: int
    message_id: str
    references: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    subject: str
    date_us: int | None


def assign_threads(messages: Iterable[ThreadInput], *, by_subject: bool = False) -> dict[int, int]:
    """Put messages into threads (RFC 5256, section 3, THREAD=REFERENCES).

    Only links are followed: a repeated Message-ID starts a thread of its own unless its own references
    say otherwise, and a link that would close a circle is not made. The answer rests on the whole set
    and its order, so the caller gives all messages of the case each time, in the order of their keys.

    Args:
        messages: All messages.
        by_subject: Also join threads with the same base subject (step 5 of the standard). These joins
            are a guess; `joined_by_subject` tells which they are.

    Returns:
        For each key the key of its thread's root: the message that all others answer, or the earliest
        one where the root itself is missing.
    """
    known = list(messages)
    roots = _by_links(known)
    if not by_subject:
        return roots
    joined = joined_by_subject(known, roots)
    return {key: joined.get(root, root) for key, root in roots.items()}


def joined_by_subject(messages: Iterable[ThreadInput], roots: dict[int, int]) -> dict[int, int]:
    """Threads that only their subject joins to another one.

    Args:
        messages: All messages.
        roots: What `assign_threads` gave for them.

    Returns:
        Root key to the root key it would be joined to; roots that stay are left out.
    """
    first: dict[str, ThreadInput] = {}
    joined: dict[int, int] = {}
    heads = [message for message in messages if roots[message.key] == message.key]
    for message in sorted(heads, key=_age):
        subject = base_subject(message.subject)
        if not subject:
            continue
        earlier = first.setdefault(subject, message)
        if earlier is not message:
            joined[message.key] = earlier.key
    return joined


def base_subject(subject: str) -> str:
    """The base subject of RFC 5256, section 2.1, in lower case: without `Re:`, `Fwd:` and `[list]`.

    Besides the standard's, the German, Swedish and French marks of answers are taken away.
    """
    text = " ".join(subject[:_LONG_SUBJECT].split())
    while True:
        before = text
        text = _TRAILER.sub("", text).strip()
        found = _REPLY.match(text)
        if found:
            text = text[found.end() :]
        blob = _LEADING_BLOB.match(text)
        if blob and text[blob.end() :].strip():
            text = text[blob.end() :]
        wrapped = _WRAPPED.match(text)
        if wrapped:
            text = wrapped[1].strip()
        if text == before:
            return text.casefold()


def _age(message: ThreadInput) -> tuple[bool, int, int]:
    return message.date_us is None, message.date_us or 0, message.key


class _Links:
    """Who answers whom, by Message-ID; IDs that no message has are there all the same."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._has_child: set[str] = set()

    def link(self, parent: str, child: str, *, again: bool) -> None:
        """Make `child` answer `parent`, unless that closes a circle, or a link is there and not `again`."""
        old = self._parent.get(child)
        if old == parent or (old is not None and not again):
            return
        if parent == child or (child in self._has_child and self._is_above(child, parent)):
            return
        self._parent[child] = parent
        self._has_child.add(parent)

    def _is_above(self, upper: str, lower: str) -> bool:
        at: str | None = lower
        while at is not None:
            if at == upper:
                return True
            at = self._parent.get(at)
        return False

    def root(self, name: str, roots: dict[str, str]) -> str:
        """The topmost one above `name`; `roots` remembers what was found."""
        way = []
        at = name
        while at not in roots:
            above = self._parent.get(at)
            if above is None:
                roots[at] = at
                break
            way.append(at)
            at = above
        found = roots[at]
        for one in way:
            roots[one] = found
        return found


def _by_links(messages: list[ThreadInput]) -> dict[int, int]:
    links = _Links()
    names: list[str] = []
    owner: dict[str, int] = {}
    for message in messages:
        name = message.message_id
        if not name or name in owner:
            name = f"\x00{message.key}"  # no ID, or one taken already: a name nobody can refer to
        owner[name] = message.key
        names.append(name)
        line = message.references or message.in_reply_to[:1]
        for upper, lower in pairwise(line):
            links.link(upper, lower, again=False)
        if line:
            links.link(line[-1], name, again=True)
    memory: dict[str, str] = {}
    found = [links.root(name, memory) for name in names]
    head: dict[str, ThreadInput] = {}
    for message, root in zip(messages, found, strict=True):
        if root not in head or _age(message) < _age(head[root]):
            head[root] = message
    return {
        message.key: owner.get(root, head[root].key)
        for message, root in zip(messages, found, strict=True)
    }
