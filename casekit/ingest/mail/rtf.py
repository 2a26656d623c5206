"""The text of a mail that Outlook keeps as RTF, and the HTML where the RTF is one in disguise."""

from __future__ import annotations

import re
from typing import NamedTuple

from casekit.ingest import rtf as rtf_parts
from casekit.ingest.charsets import tidy
from casekit.ingest.mail.charsets import decode
from casekit.ingest.mail.markup import html_text

MAX_RTF = 16 * 1024 * 1024
"""Bytes of RTF that are read."""

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]++)"
)
_WORDS = {
    b"par": b"\r\n", b"line": b"\r\n", b"tab": b"\t", b"lquote": "‘".encode(), b"rquote": "’".encode(),
    b"ldblquote": "“".encode(), b"rdblquote": "”".encode(), b"bullet": "•".encode(),
    b"endash": "–".encode(), b"emdash": "—".encode(),
}  # fmt: skip
_FONT = re.compile(rb"\\f(\d{1,5})(?!\d)|\\fcharset(\d{1,3})(?!\d)")
_FCHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_FONT_TABLE = 64 * 1024
_UNSEEN = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"generator"))


class RtfBody(NamedTuple):
    """What an RTF body says.

    Attributes:
        text: As a reader would see it.
        html: The HTML it was made from, or empty.
        problem: `bad-rtf` (broken; what could be read is given) or nothing.
    """

    text: str = ""
    html: str = ""
    problem: str = ""


def read_rtf(untrusted_compressed: bytes) -> RtfBody:
    """Read a compressed RTF body; never fails.

    Source: MS-OXRTFCP (the compression), MS-OXRTFEX 2.1 (HTML inside RTF), RTF 1.9.1.
    """
    rtf, problem = unpack_rtf(untrusted_compressed)
    rtf = rtf[:MAX_RTF]
    if b"\\fromhtml" in rtf[:2048]:
        html = _Encapsulated(rtf).read()
        return RtfBody(html_text(html), html, problem)
    if b"\\fromtext" in rtf[:2048]:
        return RtfBody(_Encapsulated(rtf).read(), "", problem)
    made = rtf_parts.read_rtf(rtf)
    if not made.whole and not problem and rtf:
        problem = "bad-rtf"
    return RtfBody(tidy(made.text("body")).strip("\n"), "", problem)


def unpack_rtf(untrusted_compressed: bytes) -> tuple[bytes, str]:
    """The RTF, and `bad-rtf` where its checksum is wrong or it cannot be unpacked."""
    from compressed_rtf import decompress
    from compressed_rtf.crc32 import crc32

    if untrusted_compressed.startswith(b"{\\rtf"):
        return untrusted_compressed, ""
    data = untrusted_compressed[: MAX_RTF // 2]
    if len(data) < 16:
        return b"", "bad-rtf" if data else ""
    # The library refuses a wrong checksum; the text is evidence all the same.
    held = int.from_bytes(data[:4], "little") - 12
    packed = data[8:12] == b"LZFu"
    right = crc32(data[16 : 16 + max(0, held)]) if packed else 0
    right &= 0xFFFFFFFF
    wrong = right != int.from_bytes(data[12:16], "little") and packed
    try:
        rtf = decompress(data[:12] + right.to_bytes(4, "little") + data[16:])
    except Exception:  # noqa: BLE001 - it raises bare exceptions
        return b"", "bad-rtf"
    return bytes(rtf), "bad-rtf" if wrong else ""


class _Encapsulated:
    """Takes the HTML, or the plain text, out of the RTF that was written around it."""

    def __init__(self, rtf: bytes) -> None:
        self._rtf = rtf
        found = re.search(rb"\\ansicpg(\d{1,5})", rtf[:2048])
        self._ansi = f"cp{found[1].decode()}" if found else "cp1252"
        self._fonts: dict[int, str] = {}
        font = 0
        for number, charset in _FONT.findall(rtf[:_FONT_TABLE]):
            if number:
                font = int(number)
            elif int(charset) in _FCHARSETS:
                self._fonts[font] = _FCHARSETS[int(charset)]
        self._out: list[str] = []
        self._bytes = bytearray()
        self._charset = self._ansi
        self._skip = 0

    def read(self) -> str:
        """The text that the RTF carries."""
        stack: list[tuple[bool, bool, bool, str, int]] = []
        # in a tag of the HTML · inside a group that shows nothing · in RTF that the HTML has no use for
        tag = hidden = rtf_only = False
        starred = False
        fallback = 1
        for token in _TOKEN.finditer(self._rtf):
            word, number, hexed, mark, brace, text = token.groups()
            if brace == b"{":
                if len(stack) < 10_000:
                    stack.append((tag, hidden, rtf_only, self._charset, fallback))
            elif brace == b"}":
                if not stack:
                    break
                self._flush()
                tag, hidden, rtf_only, self._charset, fallback = stack.pop()
            elif word == b"htmlrtf":
                rtf_only = number != b"0"
            elif word == b"htmltag":
                tag, hidden = True, False
            elif word in _UNSEEN or (word and starred and word != b"htmltag"):
                hidden = True
            elif word == b"uc":
                fallback = int(number or 1)
            elif word == b"f":
                self._flush()
                self._charset = self._fonts.get(int(number or 0), self._ansi)
            elif not hidden and not rtf_only:
                self._say(word, number, hexed, mark, text, fallback)
            starred = mark == b"*"
        self._flush()
        # RTF writes a character beyond the first 65,536 as two halves
        joined = "".join(self._out).encode("utf-16-le", "surrogatepass")
        return tidy(joined.decode("utf-16-le", "replace"))

    def _say(
        self,
        word: bytes | None,
        number: bytes | None,
        hexed: bytes | None,
        mark: bytes | None,
        text: bytes | None,
        fallback: int,
    ) -> None:
        if self._skip and (hexed or text):  # what stands there for programs without Unicode
            if text and len(text) > self._skip:
                self._bytes += text[self._skip :]
            self._skip = max(0, self._skip - (1 if hexed else len(text or b"")))
            return
        if word == b"u":
            self._flush()
            code = int(number or 0) % 0x10000
            self._out.append(chr(code))
            self._skip = fallback
        elif word in _WORDS:
            self._flush()
            self._out.append(_WORDS[word].decode())
        elif hexed:
            self._bytes.append(int(hexed, 16))
        elif mark in (b"\\", b"{", b"}"):
            self._bytes += mark
        elif mark == b"~":
            self._flush()
            self._out.append("\u00a0")
        elif text:
            self._bytes += text

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(decode(bytes(self._bytes), self._charset).text)
            self._bytes.clear()
