"""The last look at a finished PDF: no text in it, seen or unseen, may tell what is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from casekit.dossier.redact import readable, refuse
from casekit.errors import CaseKitError
from casekit.queries.redactions import WithheldWords

_NO_TEXT = {"/Image", "/Type1C", "/CIDFontType0C", "/OpenType"}
_FONT_FILES = (Name.FontFile, Name.FontFile2, Name.FontFile3)
_STANDS_FOR = b"ActualText"


_SMALL = "its small picture"


def check_file(file: Path, pages: Iterable[tuple[int, str]], withheld: WithheldWords) -> None:
    """Refuse a finished file that tells withheld words.

    What is planned has been judged before; this looks at what came of it, as the other side's expert
    would: the text of its pages as another program reads it, and every string, name, stream of text and
    attached file in it. Pictures have no text here: `redact.check` judges them by what machines read.

    Args:
        file: The PDF, before it has its name.
        pages: Page from 1 and its text, read back from the file by the caller.
        withheld: The words of every redaction.

    Raises:
        CaseKitError: It does; the message names the places and the redactions, not the words. Or a page was
            not read.
    """
    read = dict(pages)
    texts = [(f"page {no:,}", text) for no, text in read.items()]
    with pikepdf.open(file) as pdf:
        if any(no not in read for no in range(1, len(pdf.pages) + 1)):  # each has a foot at least
            raise CaseKitError(
                "The dossier was not written: its pages could not be read back to make sure that they tell "
                "nothing that is redacted. Try again; if it happens again, choose fewer exhibits."
            )
        texts += unseen_texts(pdf)
        small = [no for no, page in enumerate(pdf.pages, 1) if Name.Thumb in page.obj]
    refuse((f"page {no:,}, {_SMALL}", "of any page") for no in small)
    refuse((where, name) for where, text in texts for _, _, name in withheld.places(text))


def unseen_texts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Every text of a file that is not drawn on its pages, with what it is.

    Those are the strings and names of all objects (titles of bookmarks, destinations, properties, texts
    for those who cannot see), those put into drawing instructions to stand for what is drawn, and the
    streams that are neither drawn nor fonts: metadata, attached files.
    """
    drawn = _drawn_streams(pdf)
    for each in pdf.objects:
        where = _called(each)
        for text in _strings(each):
            yield where, text
        if not isinstance(each, Stream):
            continue
        if each.objgen not in drawn:
            yield where, readable(each.read_bytes())
        elif drawn[each.objgen] and _STANDS_FOR in each.read_bytes():
            for step in pikepdf.parse_content_stream(each, "BDC DP"):
                for operand in step.operands:
                    for text in _strings(operand):
                        yield "a text that stands for what is drawn", text


def _drawn_streams(pdf: pikepdf.Pdf) -> dict[tuple[int, int], bool]:
    """Streams whose bytes are no text: drawing instructions (true), pictures, fonts and colours (false)."""
    found: dict[tuple[int, int], bool] = {}
    for page in pdf.pages:
        contents: Any = page.obj.get(Name.Contents, [])
        parts = contents if isinstance(contents, Array) else [contents]
        found |= dict.fromkeys((part.objgen for part in parts), True)
    for each in pdf.objects:
        if isinstance(each, Stream):
            kind = str(each.get(Name.Subtype, ""))
            if kind == "/Form":
                found[each.objgen] = True
            elif kind in _NO_TEXT or (Name.N in each and Name.Alternate in each):
                found[each.objgen] = False
        elif isinstance(each, Dictionary):
            found |= {each[key].objgen: False for key in _FONT_FILES if key in each}
    return found


def _called(each: Any) -> str:
    """What an object is, for a person who looks for the words."""
    kind = str(each.get(Name.Type, "")) if isinstance(each, Dictionary | Stream) else ""
    if kind in {"/EmbeddedFile", "/Filespec"}:
        return "an attached file"
    if kind == "/Metadata":
        return "its metadata"
    if isinstance(each, Dictionary) and Name.Title in each:
        return "a bookmark or its properties"
    return "its inner texts"


def _strings(value: Any) -> Iterator[str]:
    """The strings and names directly in an object; those of other objects are theirs."""
    if isinstance(value, String):
        yield str(value)
    elif isinstance(value, Name):
        yield str(value)[1:]
    elif isinstance(value, Array):
        for each in value:
            yield from _directly(each)
    elif isinstance(value, Dictionary | Stream):
        for key, each in value.items():
            yield key[1:]
            yield from _directly(each)


def _directly(value: Any) -> Iterator[str]:
    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        yield from _strings(value)
