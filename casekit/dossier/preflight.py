"""The last look at a dossier before it gets its name: what a court's system or an archive would refuse.

Cheap, and made of every dossier: it reads the file's objects and draws nothing. The full proof of PDF/A is
veraPDF's, which the tests run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from casekit.dossier.pdfa import Profile, conformance

_ACTING = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToE", "/GoToR", "/URI",
           "/Movie", "/Sound", "/Rendition", "/RichMediaExecute"}  # fmt: skip
_SIMPLE_FONTS = {"/TrueType", "/Type1", "/MMType1", "/CIDFontType0", "/CIDFontType2"}
_PRINTED = 4  # the flag of an annotation that is printed (ISO 32000-1, table 165)
_MOST = 20


def faults(file: Path, profile: Profile) -> list[str]:
    """What is wrong with a finished file for its profile, a sentence each; nothing if it may go.

    Args:
        file: The dossier.
        profile: What it is for.

    Sources: ISO 19005-2 and -3; the rules of American courts' filing systems, which refuse attachments,
    scripts, encryption and forms.
    """
    found: dict[str, None] = {}
    with pikepdf.open(file) as pdf:
        found |= dict.fromkeys(_of_document(pdf, profile))
        for each in pdf.objects:
            if isinstance(each, Dictionary | pikepdf.Stream):
                found |= dict.fromkeys(_of_object(each, profile))
            if len(found) >= _MOST:
                break
    return list(found)


def _of_document(pdf: pikepdf.Pdf, profile: Profile) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted:
        yield "The file is encrypted."
    intents: Any = root.get(Name.OutputIntents, [])
    if not any(intent.get(Name.S) == Name.GTS_PDFA1 for intent in intents):
        yield "The file does not say what its colours mean."
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        said = (str(xmp.get("pdfaid:part", "")), str(xmp.get("pdfaid:conformance", "")))
    if said != conformance(profile):
        yield "The file does not say that it is PDF/A, or says the wrong part."
    if Name.AA in root or isinstance(root.get(Name.OpenAction), Dictionary):
        yield "The file would act when it is opened."
    if Name.AcroForm in root:
        yield "The file holds a form."
    if Name.Lang not in root:
        yield "The file does not say its language."
    if profile == "accessible":
        yield from _of_tags(pdf)


def _of_tags(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What would stop a screen reader (ISO 14289-1, 7.1 and 7.18)."""
    root: Any = pdf.Root
    if Name.StructTreeRoot not in root or not root.get(Name.MarkInfo, {}).get(Name.Marked, False):
        yield "The file is not tagged."
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        if str(xmp.get("pdfuaid:part", "")) != "1":
            yield "The file does not say that it is PDF/UA."
    if not root.get(Name.ViewerPreferences, {}).get(Name.DisplayDocTitle, False):
        yield "The file would show its name instead of its title."
    for number, page in enumerate(pdf.pages, 1):
        if Name.StructParents not in page or page.get(Name.Tabs) != Name.S:
            yield f"Page {number} is not tagged."
        for note in page.get(Name.Annots, []):
            if Name.StructParent not in note or Name.Contents not in note:
                yield f"A link on page {number} is not tagged."


def _of_object(each: Any, profile: Profile) -> Iterator[str]:
    kind = str(each.get(Name.Subtype, ""))
    if kind in _SIMPLE_FONTS and Name.BaseFont in each and not _embedded(each):
        yield f"The font {str(each.BaseFont).lstrip('/')} is not embedded."
    if str(each.get(Name.ColorSpace, "")) == "/DeviceCMYK":
        yield "A picture is in colours for print."
    if str(each.get(Name.S, "")) in _ACTING:
        yield "The file holds an action that leads out of it."
    if Name.AA in each:
        yield "The file holds an action that runs by itself."
    if str(each.get(Name.S, "")) == "/Figure" and not str(each.get(Name.Alt, "")):
        yield "A figure has no words for those who cannot see it."
    if Name.EF in each and profile != "archive":
        yield "A file is attached, which a court's system refuses."
    if Name.EF in each and Name.AFRelationship not in each:
        yield "An attached file does not say what it is to the document."
    if Name.Rect in each and kind and not int(each.get(Name.F, 0)) & _PRINTED:
        yield "A mark on a page would not be printed."


def _embedded(font: Any) -> bool:
    about = font.get(Name.FontDescriptor)
    return about is not None and any(
        name in about for name in (Name.FontFile, Name.FontFile2, Name.FontFile3)
    )
