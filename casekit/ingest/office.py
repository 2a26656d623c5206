"""What all office files have in common: properties, what they reach for outside, macros, files inside them."""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.ooxml import BadPart, Package, open_package
from casekit.ingest.parsed import Context, Parsed, Problem, Step, When

MOST_LISTED = 200
_CORE = (
    "creator", "lastModifiedBy", "created", "modified", "lastPrinted", "title", "subject", "description",
    "revision", "keywords", "category", "contentStatus", "language", "version",
)  # fmt: skip
_APP = ("Application", "AppVersion", "Company", "Manager", "Template", "TotalTime", "HyperlinkBase")
_WANTED = {"core-properties": _CORE, "extended-properties": _APP}
_LONGEST = 1000
_FOLDERS_OF_FILES = re.compile(
    r"/(?:embeddings/|media/|activex/|afchunk|pictures/|objectreplacements/)"
)
_MACROS = ("vbaproject.bin", "vbadata.xml")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


_CUT = (
    "The file was cut off or its directory is damaged; those of its parts that are whole were read."
)


@dataclass(slots=True)
class Found:
    """What is gathered while an office file is read."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    children: list[Parsed] = field(default_factory=list)
    pages: int | None = None
    kind: str = "document"
    media_type: str = ""
    when: When | None = None

    def add(self, part: str, text: str) -> None:
        """Add a part that has text."""
        if text.strip():
            self.texts.append((part, text[:MAX_TEXT]))

    def trouble(self, kind: str, text: str, path: str = "") -> None:
        """Note trouble that leaves the rest of the file readable."""
        stage = "open" if kind in ("bad-office-file", "cut-file", "encrypted") else "parse"
        self.problems.append(Problem(stage, kind, text, path=tidy(path)))  # type: ignore[arg-type]

    def document(self, untrusted_data: Data, context: Context) -> Parsed:
        """The item for the whole file."""
        return Parsed(
            "file" if self.kind == "file" else "document",
            "documents",
            context.name or "document",
            (),
            hashlib.sha256(untrusted_data).digest(),
            len(untrusted_data),
            name=context.name,
            media_type=self.media_type,
            texts=tuple(self.texts),
            when=self.when,
            pages=self.pages,
            facts=facts_text(self.facts),
            problems=tuple(self.problems),
            children=tuple(self.children),
        )


def local(element: Any) -> str:
    """Name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def outside(relations: list[tuple[str, str, bool]]) -> list[str]:
    """What is referred to outside the file, `kind: target`; a template there would be fetched on opening."""
    listed = [f"{kind}: {tidy(target)[:_LONGEST]}" for kind, target, away in relations if away]
    return list(dict.fromkeys(listed))[:MOST_LISTED]


def package_of(untrusted_data: Data, found: Found) -> Package:
    """Open an office file, and tell if it was cut off.

    Raises:
        zipfile.BadZipFile: It cannot be opened.
    """
    package = open_package(untrusted_data)
    if package.cut:
        found.trouble("cut-file", _CUT)
    return package


def read_package_facts(package: Package, found: Found) -> None:
    """Facts of any Office Open XML file (ECMA-376 parts 1 and 2), and its time by its properties.

    Facts: `properties`, `application`, `custom` (properties of its own), `macros`, `embedded` (names of
    files inside), `external` (what any of its parts refers to outside, never followed), `signed`.
    """
    for kind, target, away in package.relations(""):
        wanted = _WANTED.get(kind)
        if away or (wanted is None and kind != "custom-properties"):
            continue
        try:
            root = package.xml(target)
        except BadPart:
            continue
        if wanted is None:
            found.facts["custom"] = _custom(root)
            continue
        values = {
            name: tidy((child.text or "").strip())[:500]
            for child in root
            if (name := local(child)) in wanted
        }
        name = "properties" if kind == "core-properties" else "application"
        found.facts[name] = {key: values[key] for key in wanted if values.get(key)}
    found.facts["macros"] = any(name.endswith(_MACROS) for name in package.names)
    found.facts["embedded"] = [n for n in package.names if "/embeddings/" in n][:MOST_LISTED]
    found.facts["signed"] = any(name.startswith("_xmlsignatures/") for name in package.names)
    found.facts["external"] = outside(_all_relations(package))
    found.when = when_of(found.facts.get("properties"))


def _custom(root: Any) -> dict[str, str]:
    made = {}
    for element in list(root)[:MOST_LISTED]:
        name = tidy(element.get("name") or "")[:200]
        value = tidy("".join(element.itertext()).strip())[:500]
        if name and value:
            made[name] = value
    return made


def _all_relations(package: Package) -> list[tuple[str, str, bool]]:
    """The relations of every part, those of the main parts first."""
    found: list[tuple[str, str, bool]] = []
    names = [name for name in package.names if name.endswith(".rels") and "_rels/" in name]
    for name in sorted(names, key=lambda each: (each.count("/"), each))[:5_000]:
        folder, _, file = name.rpartition("_rels/")
        part = posixpath.join(folder, file.removesuffix(".rels"))
        if package.reaches_outside(part):
            found += package.relations(part)
    return found


def when_of(properties: object) -> When | None:
    """When it was last changed, or made, by its own properties; UTC is taken where no zone is said."""
    if not isinstance(properties, dict):
        return None
    for name in ("modified", "created"):
        raw = properties.get(name, "")
        when = instant(raw, f"properties {name}")
        if when is not None:
            return when
    return None


def instant(raw: str, name: str) -> When | None:
    """The instant that an ISO 8601 text tells, or None."""
    try:
        told = dt.datetime.fromisoformat(raw)
    except ValueError:
        return None
    zone = "explicit" if told.tzinfo else "assumed:UTC"
    told = told if told.tzinfo else told.replace(tzinfo=dt.UTC)
    resolution = 1 if "." in raw else 1_000_000 if ":" in raw else 86_400_000_000
    try:
        return When((told - _EPOCH) // dt.timedelta(microseconds=1), raw, name, zone, resolution)
    except OverflowError:
        return None


_USUAL = re.compile(
    r"\[content_types\]\.xml|mimetype|(?:\[trash\]|_xmlsignatures|docprops|customxml|customui|meta-inf|"
    r"word|xl|ppt|visio|basic|configurations2|thumbnails|userCustomization)/.*\.(?:xml|rels|vml|rdf|sigs)|"
    r"(?:.*/)?_rels/.*\.rels|(?:content|styles|meta|settings|document)\.xml|manifest\.rdf|object [^/]*/.*|"
    r".*/vbaproject(?:signature\w*)?\.bin|"
    r"configurations2/.*|.*/customproperty\d*\.bin|.*/printersettings\d*\.bin|.*/(?:odttf|fonts?)/.*|.*\.(?:odttf|fntdata)|"
    r"(?:docprops|thumbnails)/thumbnail\.\w+|_xmlsignatures/.*\.sigs|layout-cache|.*/attachedtoolbars\.bin|"
    r".*/ctrlprops/.*|.*/model/item\.data",
    re.IGNORECASE,
)
"""Names of parts that office programs write and that are no files of their own."""


def _in_folder(name: str) -> bool:
    return _FOLDERS_OF_FILES.search(f"/{name}") is not None


@lru_cache(512)  # nearly all files have parts of the same names
def _is_file(name: str) -> bool:
    """Whether a part is a file inside: in a folder for such, or of a kind that no office program writes."""
    return not name.endswith((".rels", ".xml")) if _in_folder(name) else not _USUAL.fullmatch(name)


def outside_members(package: Package) -> bool:
    """Whether bytes lie in the file that belong to no part; of a file that was cut off that is told as such."""
    if package.cut:
        return False
    from casekit.ingest.zip_gaps import gaps

    return bool(gaps(package.data, package.directory.archive))


def read_files_inside(package: Package, found: Found, context: Context) -> None:
    """Make the files and pictures that lie in an office file its children, each read by its content.

    Files that the main part takes in as text (`altChunk`) are among them, and files that lie beside the
    office program's own parts, where nobody sees them.
    """
    from casekit.ingest.parts import read_part

    mains = [t for kind, t, away in package.relations("") if kind == "officeDocument" and not away]
    chunks = {
        target.lower()
        for main in mains
        for kind, target, away in package.relations(main)
        if kind == "aFChunk" and not away
    }
    names = [name for name in package.names if name in chunks or _is_file(name)]
    strange = [name for name in names if not _in_folder(name) and name not in chunks]
    if strange:
        said = f"{len(strange)} files lie in it that no office program shows; they are read as files inside."
        found.trouble("files-beside", said)
    if package.twice:
        said = "Parts of it stand more than once under one name; the last of each was read."
        found.trouble("part-twice", said)
    if outside_members(package):
        found.trouble(
            "unlisted-bytes",
            "Bytes lie in it that belong to none of its parts; they were not read.",
        )
    if len(names) > MOST_LISTED:
        left = len(names) - MOST_LISTED
        found.trouble("children-cut", f"{left} of the files inside are not listed one by one.")
    for name in sorted(names, key=package.names.__getitem__)[:MOST_LISTED]:
        try:
            data = package.read(name)
        except BadPart:
            found.trouble("bad-part", "A file inside is damaged or too large.", name)
            continue
        number, shown, entry = package.directory.files[package.names[name]]
        made = read_part(data, shown.rpartition("/")[2], "", context)
        step = Step(
            "zip-local" if package.cut else "zip", name=shown, number=0 if package.cut else number,
            offset=entry.header_offset if package.cut else 0, length=len(data), sha256=made.sha256,
        )  # fmt: skip
        found.children.append(msgspec.structs.replace(made, steps=(step,)))
