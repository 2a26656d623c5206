"""The structure tree of an assembled dossier, so that a screen reader reads it in order (PDF/UA-1).

Sources: ISO 32000-1, 14.7 and 14.8; ISO 14289-1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from casekit.dossier.flow import Page
from casekit.dossier.tags import Tag

_CELLS = frozenset({"TD", "TH"})
_UA_SCHEMA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

Noted = tuple[Tag | None, Any, int]  # the element of a link, its annotation, its page number


class _Tree:
    """The tree being written: its parents by page and mark, and the level of the heading before."""

    def __init__(self, pdf: pikepdf.Pdf, pages: Sequence[Page], notes: Sequence[Noted]) -> None:
        self.pdf = pdf
        self.papers = {page.no: paper.obj for page, paper in zip(pages, pdf.pages, strict=True)}
        self.parents: dict[int, dict[int, Any]] = {page.no: {} for page in pages}
        self.links: dict[int, list[tuple[int, Any, int]]] = {}
        for number, (tag, note, page) in enumerate(notes):
            self.links.setdefault(id(tag), []).append((len(pages) + number, note, page))
        self.of_links: dict[int, Any] = {}
        self._level = 0

    def holds(self, tag: Tag) -> bool:
        """Whether there is anything in an element that is read."""
        if tag.artifact:
            return False
        own = any(page in self.papers for page, _ in tag.marks)
        return own or id(tag) in self.links or any(map(self.holds, tag.inside))

    def element(self, tag: Tag, parent: Any) -> Any:
        """Write an element and what is in it."""
        made = self.pdf.make_indirect(Dictionary(P=parent))
        made.S = Name("/" + self._role(tag))
        if tag.alt:
            made.Alt = String(tag.alt)
        if tag.scope:
            made.A = Dictionary(O=Name.Table, Scope=Name("/" + tag.scope))
        if tag.box:
            made.A = Dictionary(O=Name.Layout, BBox=Array([round(v, 2) for v in tag.box]))
        kids = list(self._content(tag, made))
        for inside in tag.inside:
            if self.holds(inside) or (inside.role in _CELLS and not inside.artifact):
                kids.append(self.element(inside, made))
        for key, note, page in self.links.get(id(tag), ()):
            note.StructParent = key
            self.of_links[key] = made
            kids.append(Dictionary(Type=Name.OBJR, Obj=note, Pg=self.papers[page]))
        if kids:  # one kid without an array about it: a long file has a million of them
            made.K = kids[0] if len(kids) == 1 else Array(kids)
        return made

    def _content(self, tag: Tag, made: Any) -> Iterator[Any]:
        marks = [
            mark for mark in tag.marks if mark[0] in self.papers
        ]  # the rest is in another part
        first = marks[0][0] if marks else 0
        if first:
            made.Pg = self.papers[first]
        for page, number in marks:
            self.parents[page][number] = made
            if page == first:
                yield number
            else:
                yield Dictionary(Type=Name.MCR, Pg=self.papers[page], MCID=number)

    def _role(self, tag: Tag) -> str:
        """Its role: no heading skips a level, and what leads nowhere is no link."""
        if tag.role == "Link" and id(tag) not in self.links:
            return "Span"
        if len(tag.role) == 2 and tag.role[0] == "H" and tag.role[1].isdigit():
            self._level = min(int(tag.role[1]), self._level + 1)
            return f"H{self._level}"
        return tag.role


def add_structure(pdf: pikepdf.Pdf, pages: Sequence[Page], notes: Sequence[Noted]) -> None:
    """Give the file the tree of what was laid out and marked on its pages.

    Args:
        pdf: The assembled file; its metadata is complete.
        pages: The laid-out pages of this file, drawn already.
        notes: The links that were made.
    """
    tree = _Tree(pdf, pages, notes)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    roots = {id(page.root): page.root for page in pages if page.root is not None}
    document.K = Array([tree.element(r, document) for r in roots.values() if tree.holds(r)])
    root.K = Array([document])
    numbers = Array()
    for at, (no, marks) in enumerate(tree.parents.items()):
        tree.papers[no].StructParents = at
        tree.papers[no].Tabs = Name.S
        numbers.append(at)
        numbers.append(pdf.make_indirect(Array([marks[n] for n in range(len(marks))])))
    for key in sorted(tree.of_links):
        numbers.append(key)
        numbers.append(tree.of_links[key])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pages) + len(notes)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    _say_so(pdf)


def _say_so(pdf: pikepdf.Pdf) -> None:
    """Say in the metadata that the file is PDF/UA-1, with the schema that PDF/A wants for that word."""
    said = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(said.replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>", 1))
