"""Rich Text Format taken apart: what stands in the text, and beside it in notes, comments and headers."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import Any

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_MOST_DEPTH = 10_000
_CHARSETS = {
    0: 1252, 77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
    177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}  # fmt: skip
"""Code pages by the charset of a font (RTF 1.9.1, font table)."""
_MAC = {10000: "mac_roman", 10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2"}
_PLACES = {
    "header": "headers", "headerl": "headers", "headerr": "headers", "headerf": "headers",
    "footer": "footers", "footerl": "footers", "footerr": "footers", "footerf": "footers",
    "footnote": "footnotes", "annotation": "comments", "fldinst": "=field", "htmltag": "=html",
    "generator": "=generator", "template": "=template", "objclass": "=objclass", "atnauthor": "=atnauthor",
    "author": "=author", "title": "=title", "subject": "=subject", "operator": "=operator",
    "company": "=company", "manager": "=manager", "keywords": "=keywords", "doccomm": "=doccomm",
    "comment": "=doccomm", "info": "=info",
    "category": "=category", "hlinkbase": "=hlinkbase", "revtbl": "=revtbl", "password": "=password",
}  # fmt: skip
"""Groups whose text goes elsewhere; with `=` it is a fact."""
_TIMES = ("creatim", "revtim", "printim", "buptim")
_SKIPPED = frozenset((
    "colortbl", "stylesheet", "listtable", "listoverridetable", "list", "listoverride", "rsidtbl",
    "filetbl", "pict", "objdata", "themedata", "datastore", "colorschememapping", "latentstyles",
    "xmlnstbl", "bkmkstart", "bkmkend", "datafield", "private", "background", "atnid", "atnref", "atntime",
    "atndate", "atnparent", "atnicn", "atrfstart", "atrfend", "xe", "tc", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "passwordhash", "docvar", "userprops", "fontemb", "fontfile", "falt",
    "panose", "pgptbl", "nonshppict", "shprslt", "oleclsid", "objname", "objalias", "objsect", "blipuid",
    "picprop", "formfield", "ffdeftext", "mmathPr", "nextfile", "sp", "sn", "sv", "upr", "protusertbl",
    "wgrffmtfilter", "pnseclvl", "levelnumbers", "leveltext",
))  # fmt: skip
_READ_ANYWAY = frozenset(
    ["shptxt", "shpinst", "shp", "do", "dptxbxtext", "ud", "result", "shppict", "object", "fldrslt"]
)
"""Groups marked as ignorable that hold text all the same."""
_LETTERS = {
    "par": "\n", "sect": "\n", "page": "\n", "column": "\n", "line": "\n", "softline": "\n", "tab": "\t",
    "cell": "\t", "nestcell": "\t", "row": "\n", "nestrow": "\n", "emdash": "—", "endash": "–",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
_SIGNS = {
    b"~": "\xa0",
    b"_": "-",
    b"-": "",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
    b"\n": "\n",
    b"\r": "\n",
}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds until the group ends."""

    place: str = "body"
    skip: bool = False
    uc: int = 1
    charset: str = ""
    deleted: bool = False
    html_off: bool = False
    fonts: bool = False


@dataclass(slots=True)
class RtfText:
    """What an RTF file holds.

    Attributes:
        heaps: Pieces of text by part; those whose names begin with `=` are facts.
        times: Numbers by the name of the time, such as `creatim`, and then by unit, such as `yr`.
        encapsulated: `html` or `text`, where a mail was turned into RTF, or empty.
        objects: Embedded objects.
        pictures: Pictures.
        inserted: Runs inserted with tracking on.
        removed: Runs deleted with tracking on.
        hidden: Runs that are hidden.
        whole: Whether the last group is closed.
        end: Behind the last byte that belongs to the document.
    """

    heaps: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, dict[str, int]] = field(default_factory=dict)
    encapsulated: str = ""
    objects: int = 0
    pictures: int = 0
    inserted: int = 0
    removed: int = 0
    hidden: int = 0
    whole: bool = False
    end: int = 0

    def text(self, name: str) -> str:
        """The text of a part; halves of surrogate pairs joined, and a mark for each that has no other."""
        joined = "".join(self.heaps.get(name, ()))
        return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_rtf(untrusted_data: bytes) -> RtfText:
    """Take a file apart (Rich Text Format 1.9.1, MS-OXRTFEX 2.1)."""
    return _Reading(untrusted_data).made


class _Reading:
    """One pass over the file."""

    def __init__(self, data: bytes) -> None:
        self.made = RtfText()
        self._state = _State()
        self._stack: list[_State] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default_font = 0
        self._decoder: Any = codecs.getincrementaldecoder("cp1252")("replace")
        self._codec = "cp1252"
        self._left = 0  # letters to pass over behind a Unicode one
        self._star = False
        self._run(data)

    def _run(self, data: bytes) -> None:
        at = 0
        while (match := _TOKEN.match(data, at)) is not None:
            at = match.end()
            word, number, byte, sign, brace, text = match.groups()
            if text is not None:
                self._bytes(text)
            elif byte is not None:
                self._bytes(bytes([int(byte, 16)]))
            elif word is not None:
                self._flush()
                if word == b"bin" and number:
                    at += max(0, int(number))
                else:
                    self._word(word.decode("ascii"), None if number is None else int(number))
            elif brace == b"{":
                self._flush()
                self._left = 0
                if len(self._stack) >= _MOST_DEPTH:
                    break
                self._stack.append(self._state)
            elif brace == b"}":
                self._close()
                if not self._stack:
                    self.made.whole, self.made.end = True, at
                    return
            elif sign is not None:
                self._flush()
                self._sign(sign)
        self._flush()
        self.made.end = min(at, len(data))

    def _close(self) -> None:
        self._flush()
        self._left = 0
        place = self._state.place
        if place.startswith("=") and not self._state.skip:
            self.made.heaps.setdefault(place, []).append("\0")  # one fact ends, another may follow
        if self._stack:
            self._state = self._stack.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._star = True
        elif sign in _SIGNS:
            if self._left:
                self._left -= 1
            else:
                self._say(_SIGNS[sign])

    def _say(self, text: str) -> None:
        state = self._state
        self._star = False
        if state.skip or (state.html_off and self.made.encapsulated and state.place != "=html"):
            return
        place = "deletions" if state.deleted else state.place
        if place == "body" and self.made.encapsulated == "html":
            place = "=html"
        self.made.heaps.setdefault(place, []).append(text)

    def _bytes(self, raw: bytes) -> None:
        if self._left:
            passed = min(self._left, len(raw))
            self._left -= passed
            raw = raw[passed:]
        if not raw or self._state.skip:
            return
        if self._state.fonts:
            return
        wanted = self._state.charset or self._default
        if wanted != self._codec:
            self._flush()
            self._codec, self._decoder = wanted, codecs.getincrementaldecoder(wanted)("replace")
        if text := self._decoder.decode(raw):
            self._say(text)

    def _flush(self) -> None:
        """A letter of two bytes of which only one has come is shown as a mark."""
        if rest := self._decoder.decode(b"", True):
            self._say(rest)
        self._decoder.reset()

    def _word(self, word: str, number: int | None) -> None:
        star, self._star = self._star, False
        if word == "u":
            if number is not None:
                self._say(chr(number & 0xFFFF))
            self._left = self._state.uc
            return
        if self._left and word not in ("uc", "par"):
            self._left -= 1
            return
        self._left = 0
        if word in _LETTERS:
            self._say("\r\n" if word == "par" and self._state.place == "=html" else _LETTERS[word])
        elif word in _PLACES or word in _TIMES or word in _SKIPPED or word == "fonttbl":
            self._group(word)
        elif star and word not in _READ_ANYWAY:
            self._state = replace(self._state, skip=True)
        else:
            self._property(word, number)

    def _group(self, word: str) -> None:
        state = self._state
        self.made.pictures += word == "pict" and not state.skip
        self.made.objects += word == "objdata"
        if word in _SKIPPED:
            self._state = replace(state, skip=True)
        elif word == "fonttbl":
            self._state = replace(state, fonts=True)
        elif word in _TIMES:
            self._state = replace(state, place=f"={word}")
        elif word in _PLACES:
            self._state = replace(state, place=_PLACES[word], charset="", deleted=False)

    def _property(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "uc":
            self._state = replace(state, uc=min(max(0, number or 0), 16))
        elif word == "f":
            self._set_font(number or 0)
        elif word in ("fcharset", "cpg") and state.fonts:
            self._fonts[self._font] = _codec(
                _CHARSETS.get(number or 0, 0) if word == "fcharset" else number
            )
        elif word in ("fromhtml", "fromtext"):
            self.made.encapsulated = word.removeprefix("from")
        elif word == "deff":
            self._default_font = number or 0
        elif word in ("ansicpg", "mac", "pc", "pca", "ansi"):
            page = {"mac": 10000, "pc": 437, "pca": 850, "ansi": 1252}.get(word, number)
            self._default = _codec(page) or self._default
        elif state.place[1:] in _TIMES and number is not None:
            self.made.times.setdefault(state.place[1:], {})[word] = number
        else:
            self._mark(word, number != 0)

    def _mark(self, word: str, on: bool) -> None:
        """What is said of the letters that follow."""
        state = self._state
        if word == "plain":
            charset = self._fonts.get(self._default_font, "")
            self._state = replace(state, deleted=False, charset=charset)
        elif word == "deleted":
            self.made.removed += on and not state.deleted
            self._state = replace(state, deleted=on)
        elif word == "revised":
            self.made.inserted += on
        elif word == "v":
            self.made.hidden += on and not state.skip
        elif word == "htmlrtf":
            self._state = replace(state, html_off=on)
        elif word == "ftnalt" and state.place == "footnotes":
            self._state = replace(state, place="endnotes")
        elif word == "ud":
            place = self._stack[-2].place if len(self._stack) > 1 else "body"
            self._state = replace(state, skip=False, place=place)

    def _set_font(self, number: int) -> None:
        if self._state.fonts:
            self._font = number
        else:
            self._state = replace(self._state, charset=self._fonts.get(number, ""))


def _codec(page: int | None) -> str:
    name = _MAC.get(page or 0) or {65001: "utf-8", 1361: "johab", 42: "cp1252"}.get(
        page or 0, f"cp{page}"
    )
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
