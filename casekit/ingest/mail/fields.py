"""Where a header ends and what its fields are, in the bytes as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_FIELDS = 5000
"""Header fields of one message that are kept."""

# A field name may be followed by space: RFC 5322 calls it obsolete, programs still write it.
# In an atomic group: Python before 3.11.5 leaves a possessive group behind what its last round began with.
_BLOCK = re.compile(rb"(?>(?:[!-9;-~]++[ \t]*+:[^\n]*+(?>(?:\n[ \t][^\n]*+)*)(?:\n|\Z))*)")
_FIELD = re.compile(r"(?m)^([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")
_FOLD = re.compile(r"\r?\n[ \t]+")
_ENVELOPE = re.compile(rb">?From [^\n]*\n")
_EMPTY_LINES = re.compile(rb"(?:[ \t]*\r?\n)*")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|mime-version|content-[a-z-]+|return-path|"
    rb"reply-to|in-reply-to|references|list-[a-z-]+)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_MAX_JUNK = 20
_BLANK = re.compile(rb"[ \t]*\r?(?:\n|\Z)")


@dataclass(slots=True)
class Header:
    """A header block.

    Attributes:
        fields: (name, value) in order; values unfolded, 8-bit bytes as surrogate escapes.
        body: Where the body starts.
        whole: Whether an empty line ends the header, as it must.
        many: Whether there were more than `MAX_FIELDS`; of those beyond only well-known ones are kept.
        bare: Whether a carriage return stands alone in a field; it is shown as its picture.
        by_name: Values in order by name in lower case.
    """

    fields: list[tuple[str, str]]
    body: int
    whole: bool
    many: bool = False
    bare: bool = False
    by_name: dict[str, list[str]] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        for name, value in self.fields:
            self.by_name.setdefault(name.lower(), []).append(value)

    def all(self, name: str) -> list[str]:
        """Values of all fields called `name` (lower case)."""
        return self.by_name.get(name, [])

    def first(self, name: str) -> str:
        """Value of the first field called `name` (lower case), or an empty string."""
        found = self.by_name.get(name)
        return found[0] if found else ""


def read_header(raw: bytes, start: int = 0, end: int | None = None) -> Header:
    """Read the header block at `start`.

    The header ends at an empty line, or at the first line that can be no field and continues none:
    that line then belongs to the body. But if well-known fields and an empty line follow it, it is
    kept as a field without a name.

    Args:
        raw: The bytes; lines end in LF or CRLF.
        start: Where the header begins.
        end: Where the entity ends; the end of `raw` if None.
    """
    stop = len(raw) if end is None else end
    at = _block_end(raw, start, stop)
    fields = _fields(raw[start:at])
    blank = _BLANK.match(raw, at, stop)
    junk = 0
    while blank is None and junk < _MAX_JUNK and (line_end := raw.find(b"\n", at, stop) + 1):
        further = _block_end(raw, line_end, stop)
        blank = _BLANK.match(raw, further, stop)
        if blank is None or not _KNOWN.search(raw, line_end, further):
            blank = None
            break
        # A line that is no field amid fields that everybody knows: the header goes on behind it.
        fields.append(("", raw[at:line_end].decode("ascii", "surrogateescape").strip()))
        fields += _fields(raw[line_end:further])
        at = further
        junk += 1
    bare = any("\r" in value for _, value in fields)
    if bare:
        fields = [(name, value.replace("\r", " ␍ ")) for name, value in fields]
    many = len(fields) > MAX_FIELDS
    if many:  # nobody's name may be pushed out of sight by fields that say nothing
        fields = fields[:MAX_FIELDS] + list(filter(_is_known, fields[MAX_FIELDS:]))[:MAX_FIELDS]
    return Header(fields, blank.end() if blank else at, blank is not None, many, bare)


def _is_known(field: tuple[str, str]) -> bool:
    return _KNOWN.match(f"{field[0]}:".encode("ascii", "surrogateescape")) is not None


def _block_end(raw: bytes, start: int, stop: int) -> int:
    found = _BLOCK.match(raw, start, stop)
    return found.end() if found else start


def _fields(block: bytes) -> list[tuple[str, str]]:
    text = block.decode("ascii", "surrogateescape")
    return [
        (name, _FOLD.sub(" ", value).strip() if "\n" in value else value.strip())
        for name, value in _FIELD.findall(text)
    ]


def skip_lead(raw: bytes) -> int:
    """Where the header of a message file begins: behind a byte order mark, empty lines and a `From ` line."""
    at = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw[at : at + 1] in (b"\n", b"\r", b" ", b"\t"):
        lines = _EMPTY_LINES.match(raw, at)
        after = lines.end() if lines else at
        found = _BLOCK.match(raw, after)
        if found and found.end() > after:
            at = after
    envelope = _ENVELOPE.match(raw, at)
    return envelope.end() if envelope else at
