"""Bytes turned into text when nobody reliable says in which charset they are."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass

from casekit.ingest.by_letters import charset_by_letters, charset_by_shifts
from casekit.ingest.by_words import charset_by_words

_SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LAST = "cp1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the charset it was read in.

    Attributes:
        text: The text; line ends are line feeds, and a NUL is shown as its picture.
        charset: Python's name of the charset.
        how: `bom`, `declared`, `valid` (it is UTF-8 throughout), `pattern` (UTF-16 by its zeros, Japanese
            and Korean in seven bits by their escapes), `guess` (by the words or letters in it, or by
            statistics) or `fallback`.
        replaced: How many places could not be read.
    """

    text: str
    charset: str
    how: str
    replaced: int = 0


def decode_text(untrusted_data: bytes, declared: str = "") -> Decoded:
    """Decode by byte order mark, declared charset, UTF-8, UTF-16 without a mark, words, a guess, cp1252.

    Args:
        untrusted_data: The bytes.
        declared: What the source says, if it says; an unknown or wrong charset is passed over.
    """
    for mark, charset in _BOMS:
        if untrusted_data.startswith(mark):
            return _decoded(untrusted_data[len(mark) :], charset, "bom")
    known = _known(declared)
    if known and (read := _strictly(untrusted_data, known)) is not None:
        return Decoded(_tidy(read), known, "declared")
    if shifted := charset_by_shifts(untrusted_data):
        return _decoded(untrusted_data, shifted, "pattern")
    if (read := _strictly(untrusted_data, "utf-8")) is not None and not _wide(untrusted_data):
        return Decoded(_tidy(read), "utf-8", "valid")
    wide = _wide(untrusted_data)
    if wide:
        return _decoded(untrusted_data, wide, "pattern")
    if known:
        return _decoded(untrusted_data, known, "declared")
    guess = _guess(untrusted_data)
    if guess and (read := _strictly(untrusted_data, guess)) is not None:
        return Decoded(_tidy(read), guess, "guess")
    return _decoded(untrusted_data, _LAST, "fallback")


def tidy(text: str) -> str:
    """Text that every layer can carry: line feeds only, no NUL, no half of a surrogate pair."""
    text = _tidy(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def facts_text(facts: dict[str, object]) -> str:
    """Facts as canonical JSON text without the empty ones; nothing at all if none is left."""
    kept = {
        name: value for name, value in facts.items() if value not in (None, "", [], {}, 0, False)
    }
    return _canonical(kept) if kept else ""


def more_facts(facts: str, more: dict[str, object]) -> str:
    """The text of an item's facts with more of them."""
    known = json.loads(facts) if facts else {}
    return facts_text({**known, **more})


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _tidy(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "␀") if "\0" in text else text


def _known(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    if not re.fullmatch(r"[a-z0-9._:+-]{1,40}", name):
        return ""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return ""
    if not getattr(found, "_is_text_encoding", True) or found.name in (
        "idna",
        "punycode",
        "undefined",
    ):
        return ""
    # what the web calls Latin-1 and ASCII is cp1252 (WHATWG Encoding)
    return _LAST if found.name in ("iso8859-1", "ascii") else found.name


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        return None


def _decoded(data: bytes, charset: str, how: str) -> Decoded:
    text = data.decode(charset, "replace")
    return Decoded(_tidy(text), charset, how, text.count("\ufffd"))


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: Western text has a zero in every other byte."""
    sample = data[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if found := charset_by_words(sample) or charset_by_letters(sample):
        return found
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], steps=3, chunk_size=1024).best()
    return best.encoding if best is not None else ""
