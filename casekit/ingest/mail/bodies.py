"""Which parts of a message are its text, and which are attached to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casekit.ingest.charsets import tidy
from casekit.ingest.mail.charsets import decode
from casekit.ingest.mail.markup import html_text
from casekit.ingest.mail.structure import Part
from casekit.ingest.mail.transfer import behind_base64, undo
from casekit.ingest.mail.words import from_base64, parameters, readable

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE
)


_ON_MIME = re.compile(
    rb"\s*(?:This is a multi-?part message in MIME format\.{0,3}"
    rb"|This is a cryptographically signed message in MIME format\."
    rb"|This is an OpenPGP/MIME signed message \(RFC \d{4} and \d{4}\)"
    rb"|This is a MIME-encapsulated message\.?"
    rb"|This is a multi-part message\.?"
    rb"|This message is in MIME format\. Since your mail reader does not understand\s+"
    rb"this format, some or all of this message may not be legible\.)?\s*",
    re.IGNORECASE,
)
_CARDS = ("text/calendar", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory")
"""Types of a text that is also events or cards: where it is all there is, it is both."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{4,}={0,2}")
_WORD = re.compile(r"\w{4,}")
_FEW_WORDS = 5
_SMALL_SHARE = 5
"""Of so many words one may be missing on the other side before the two say different things."""


@dataclass(slots=True)
class Bodies:
    """The text of a message.

    Attributes:
        body: Plain text; made from the HTML where that is all there is.
        html: Source of the HTML parts, or empty.
        alternative: Text of the HTML, where it and the plain text say different things.
        outside: What stands outside the parts, and behind the end of a base64 text.
        charset: Python's name of the charset of the first text part.
        attached: Parts that are no part of the text, in order.
        problems: Kinds of trouble, each once.
        unquoted: Lines from which a mailbox's `>` before `From ` was taken.
    """

    body: str = ""
    html: str = ""
    alternative: str = ""
    outside: str = ""
    charset: str = ""
    attached: list[Part] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    unquoted: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    part: Part
    text: str
    is_html: bool


def disposition(part: Part) -> str:
    """`attachment`, `inline` or what else Content-Disposition says, lower case."""
    return part.header.first("content-disposition").split(";", 1)[0].strip().lower()


def file_name(part: Part) -> str:
    """The file name a part gives itself, for display only; it may contain a path or anything else."""
    value = part.header.first("content-disposition")
    name = parameters(value).get("filename", "") if value else ""
    name = name or part.parameters.get("name", "")
    return readable(name) if "=?" in name else name


def read_bodies(raw: bytes, root: Part, *, from_mbox: bool = False) -> Bodies:
    """Choose and decode the text of a message.

    Plain text governs. Of alternatives, the first plain text that is not blank is taken, else the HTML;
    text parts in a row without a file name are one body. All else is attached; so is an invitation or a
    card that is the whole message, besides being its text.

    Args:
        raw: The message.
        root: Its structure.
        from_mbox: Take away the `>` that a mailbox (mboxrd) puts before `From ` at a line's start.
    """
    chooser = _Chooser(raw, from_mbox)
    texts = chooser.visit(root, is_root=True)
    found = chooser.found
    found.body = "\n".join(html_text(one.text) if one.is_html else one.text for one in texts)
    found.html = "\n".join(one.text for one in chooser.html)
    if found.html and not any(one.is_html for one in texts):
        found.alternative = _unlike(found.body, html_text(found.html))
    around = [raw[slice(*place)] for part in root.walk() for place in part.outside]
    beyond = [text for one in (*around, *chooser.beyond) if (text := _outside_text(one))]
    if beyond:
        found.outside = "\n\n".join(beyond)
        found.problems["outside-parts"] = None
    found.attached.sort(key=lambda part: part.start)
    return found


def _outside_text(raw: bytes) -> str:
    """What somebody may have read outside the parts; a program's sentence on MIME is none."""
    return "" if _ON_MIME.fullmatch(raw) else tidy(decode(raw).text).strip()


def _unlike(plain: str, html: str) -> str:
    """The HTML's text if many words of one of the two do not stand in the other."""
    sides = [set(_WORD.findall(text.casefold())) for text in (plain, html)]
    for one, other in (sides, sides[::-1]):
        alone = len(one - other)
        if alone >= _FEW_WORDS and alone * _SMALL_SHARE > len(one):
            return html
    return ""


class _Chooser:
    def __init__(self, raw: bytes, from_mbox: bool) -> None:
        self._raw = raw
        self._from_mbox = from_mbox
        self.found = Bodies()
        self.html: list[_Text] = []
        self.beyond: list[bytes] = []

    def visit(self, part: Part, *, is_root: bool = False, alternative: bool = False) -> list[_Text]:
        if part.media_type == "multipart/alternative" and part.parts:
            return self._alternatives(part)
        if part.parts or (part.media_type.startswith("multipart/") and not part.defects):
            inside = alternative and part.media_type == "multipart/related"
            return [text for one in part.parts for text in self.visit(one, alternative=inside)]
        if self._is_text(part, is_root, alternative):
            if part.media_type in _CARDS:
                self.found.attached.append(part)
            return [self._read(part)]
        self.found.attached.append(part)
        return []

    def _is_text(self, part: Part, is_root: bool, alternative: bool) -> bool:
        if disposition(part) == "attachment":
            return False
        kind = part.media_type
        if kind.startswith("multipart/") or (is_root and kind.startswith("text/")):
            return True  # a multipart without parts is shown as it stands
        return kind in ("text/plain", "text/html") and (alternative or not file_name(part))

    def _alternatives(self, part: Part) -> list[_Text]:
        taken: list[_Text] = []
        blank: list[_Text] = []
        for one in part.parts:
            texts = self.visit(one, alternative=True)
            plain = [text for text in texts if not text.is_html and text.text.strip()]
            if plain and not any(not text.is_html for text in taken):
                taken = texts
            elif plain:
                self.found.attached += [text.part for text in plain]
            elif not taken and any(text.is_html for text in texts):
                taken = texts
            else:
                blank += texts
        return taken or blank[:1]

    def _read(self, part: Part) -> _Text:
        raw = self._raw[part.start : part.end]
        if self._from_mbox and b">From " in raw and part.encoding != "base64":
            raw, count = _QUOTED_FROM.subn(rb"\1", raw)
            self.found.unquoted += count
        undone = undo(raw, part.encoding)
        if undone.problem:
            self.found.problems[undone.problem] = None
        if undone.problem == "base64-goes-on":
            rest = behind_base64(raw)
            self.beyond.append(from_base64(rest)[0] if _BASE64.fullmatch(rest) else rest)
        is_html = part.media_type == "text/html"
        label = part.parameters.get("charset", "")
        if not label and is_html and not undone.data.isascii():
            meta = _META_CHARSET.search(undone.data, 0, 4096)
            label = meta[1].decode("ascii") if meta else ""
        decoded = decode(undone.data, label)
        if decoded.problem:
            self.found.problems[decoded.problem] = None
        self.found.charset = self.found.charset or decoded.charset
        text = decoded.text
        if "\r" in text or "\0" in text:
            text = tidy(text)
        made = _Text(part, text, is_html)
        if is_html:
            self.html.append(made)
        return made
