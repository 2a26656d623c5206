"""Which text a run of bytes is: declared charset, then UTF-8, then a guess that says it is one."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from casekit.ingest.charsets import decode_text

_GUESS_AT_LEAST = 48
_FEW = 20
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}\Z")
_ALIASES = {
    # Labels in the wild that mean a superset of what they say, or that Python does not know.
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "x-windows-949": "cp949",
    "cp-850": "cp850",
}
_NOT_TEXT = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"}
_MAY_GIVE_SURROGATES = {"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}


class Decoded(NamedTuple):
    """Text, and how sure we are of it.

    Attributes:
        text: Without lone surrogates, so that it can be stored anywhere.
        charset: Python's name of the codec that was used.
        problem: Empty, or `unknown-charset` (the label means nothing), `wrong-charset` (the bytes are
            not in the declared charset) or `no-charset` (none declared and not ASCII or UTF-8).
    """

    text: str
    charset: str
    problem: str = ""


@lru_cache(maxsize=1024)
def codec_of(label: str) -> str:
    """Python's codec for a charset label, or an empty string if it names no charset."""
    wanted = label.strip().strip("\"'").lower()
    if not _LABEL.match(wanted):
        return ""
    name = _ALIASES.get(wanted, wanted)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return codec_of(wanted[2:]) if wanted.startswith("x-") else ""
    # zlib, rot13 and their like are codecs, but no charsets
    if not getattr(found, "_is_text_encoding", True) or found.name.replace("-", "_") in _NOT_TEXT:
        return ""
    return found.name


def decode(raw: bytes, label: str = "") -> Decoded:
    """Decode `raw`, which was declared to be in charset `label`; never fails."""
    codec = codec_of(label) if label else ""
    if codec in ("", "ascii", "utf-8"):
        try:
            return Decoded(raw.decode("utf-8"), codec or "utf-8", _unknown(label, codec, raw))
        except UnicodeDecodeError:
            pass
    elif codec:
        try:
            return Decoded(_clean(raw.decode(codec), codec), codec)
        except (UnicodeError, ValueError):
            pass
    return _guess(raw, label, codec)


def _unknown(label: str, codec: str, raw: bytes) -> str:
    return "unknown-charset" if label and not codec and not raw.isascii() else ""


def _clean(text: str, codec: str) -> str:
    if codec not in _MAY_GIVE_SURROGATES:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _guess(raw: bytes, label: str, codec: str) -> Decoded:
    problem = "wrong-charset" if codec else "unknown-charset" if label else "no-charset"
    if codec == "cp1252":  # its five unassigned bytes: read as the C1 controls of ISO 8859-1
        return Decoded(raw.decode("cp1252", "cp1252-c1"), codec)
    if codec not in ("", "ascii"):
        # Mostly what it declares: mark the few bytes that are not, rather than guess at all of it.
        text = raw.decode(codec, "replace")
        if text.count("\ufffd") * _FEW <= sum(1 for char in text if char > "\x7f"):
            return Decoded(_clean(text, codec), codec, problem)
    if len(raw) >= _GUESS_AT_LEAST:
        guessed = decode_text(raw)
        if not guessed.replaced and guessed.how != "fallback":
            return Decoded(_clean(guessed.text, "utf-7"), guessed.charset, problem)
    return Decoded(raw.decode("cp1252", "cp1252-c1"), "cp1252", problem)


def _as_c1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("cp1252-c1", _as_c1)
