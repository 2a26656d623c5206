"""A production of the other side as one thing: what its load file's rows link to becomes part of their items.

The links are only names: they are looked for among the files that this very import found, below the
production's own folder, and never opened as paths.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import orjson

from casekit.confine import Worker, WorkerFault
from casekit.errors import CaseKitError
from casekit.ingest import load_fields
from casekit.ingest.charsets import decode_text
from casekit.ingest.filing import new_item, problem_row
from casekit.ingest.load_rows import shape_of
from casekit.ingest.parsed import Context, Parsed, Problem
from casekit.ingest.pictures_listed import Picture, pictures
from casekit.ingest.reading import argument_for, batch_from
from casekit.ingest.sources import SourceFile
from casekit.ops.items import NewItem
from casekit.store.case import Case
from casekit.store.vault import Deposit

READ = "casekit.ingest.reading:read_stream"
_DATA_FOLDERS = {"data", "load", "loadfile", "loadfiles", "load files", "load_files"}
_PART_FOLDERS = {"natives", "native", "text", "texts", "ocr", "images", "image", "img"}
_MAY_BE = {".dat", ".txt", ".csv", ".lfp", ""}
_MOST_TEXT = 32 * 1024 * 1024
_MOST_LIST = 64 * 1024 * 1024
_MOST_IN_NATIVE = 500
"""Items of one native; a mailbox of more is imported by itself."""
_MOST_TOLD = 200
_HEAD = 256 * 1024
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Neither a link nor a pipe put in a file's place meanwhile is waited for."""
_KINDS = (
    (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"), (b"%PDF-", "application/pdf"),
)  # fmt: skip

Take = Callable[[SourceFile, Deposit, str], None]
"""Puts on record that a file was received as part of an item, with the format it was taken for."""


@dataclass(slots=True)
class _Set:
    """One load file and the files below its production's folder.

    Attributes:
        depth: How many names of a path lie above the production's folder.
        by_name: Files by their last name in small letters.
        listed: The page pictures of each document by its first number.
    """

    depth: int
    by_name: dict[str, list[tuple[tuple[str, ...], SourceFile]]]
    listed: dict[str, list[Picture]]
    claimed: set[str] = field(default_factory=set)
    rows: int = 0


class LoadSets:
    """The productions among the files of one import."""

    def __init__(self, case: Case, found: Sequence[SourceFile | Problem]) -> None:
        self._case = case
        self._files = [each for each in found if isinstance(each, SourceFile)]
        self._sets: dict[str, _Set] = {}
        self._worker: Worker | None = None
        for file in self._files:
            if _is_load_file(file):
                self._sets[file.shown] = self._set(file)
        self.first = [
            *(f for f in found if isinstance(f, SourceFile) and f.shown in self._sets),
            *(f for f in found if isinstance(f, Problem) or f.shown not in self._sets),
        ]

    def close(self) -> None:
        """End the worker that read natives."""
        if self._worker is not None:
            self._worker.close()

    def is_one(self, file: SourceFile) -> bool:
        """Whether a file is the load file of a production that lies beside it."""
        return file.shown in self._sets

    def has(self, file: SourceFile) -> bool:
        """Whether a file is part of an item by now."""
        return any(file.shown in each.claimed for each in self._sets.values())

    def complete(self, file: SourceFile, heads: Sequence[NewItem], take: Take) -> None:
        """Bring to the items of a load file's rows what they link to: text, native, page pictures."""
        of = self._sets.get(file.shown)
        if of is None:
            return
        for head in heads:
            for row in list(head.family()):
                facts = orjson.loads(row.columns["facts"] or "{}")
                values = facts.get("load_file") if isinstance(facts, dict) else None
                if isinstance(values, dict) and values:
                    of.rows += 1
                    _Row(self, of, file, row, values, int(facts.get("row", 0)), take).complete()

    def extra(self, file: SourceFile) -> Iterator[tuple[Problem, str]]:
        """Of a load file that was read: files of the folders it links to that no row names, and their paths."""
        of = self._sets.get(file.shown)
        if of is None or not of.rows:
            return
        own = {path.split("/")[of.depth] for path in of.claimed if path.count("/") > of.depth}
        folders = {name.lower() for name in own} | _PART_FOLDERS
        left = [
            each
            for named in of.by_name.values()
            for _, each in named
            if each.shown not in of.claimed
            and each.shown.count("/") > of.depth
            and each.shown.split("/")[of.depth].lower() in folders
        ]
        for each in sorted(left, key=lambda one: one.shown)[:_MOST_TOLD]:
            text = "No row of the load file names this file, so it was imported by itself."
            yield Problem("parse", "extra-file", text), each.shown
        if len(left) > _MOST_TOLD:
            text = f"No row of the load file names {len(left) - _MOST_TOLD:,} files more."
            yield Problem("parse", "extra-file", text), file.shown

    def items_of(self, source: SourceFile, deposit: Deposit) -> tuple[list[NewItem], str]:
        """The items of a native, read in a confined worker, and the format it was taken for."""
        if self._worker is None:
            self._worker = Worker(preload=("casekit.ingest.reading",))
        heads: list[NewItem] = []
        form = "unknown"
        argument = argument_for(Context(name=source.path.name, folder=source.path.parent.name))
        with self._case.vault.open(deposit.sha256) as original:
            for frame in self._worker.stream(READ, original.fileno(), argument):
                batch = batch_from(frame)
                form = batch.format
                heads += [new_item(parsed, source.shown) for parsed in batch.items]
                if heads and batch.problems:
                    heads[0].problems = [
                        *heads[0].problems,
                        *(problem_row(each, source.shown) for each in batch.problems),
                    ]
                if len(heads) > _MOST_IN_NATIVE:
                    raise CaseKitError("It holds too many items to be part of one.")
        return heads, form

    def deposit(self, source: SourceFile, also: tuple[str, ...] = ()) -> Deposit:
        """Receive a part's bytes."""
        return self._case.vault.deposit(source.path, also=also, settle=False)

    def bytes_of(self, deposit: Deposit, most: int) -> bytes:
        """The first bytes of what was received."""
        with self._case.vault.open(deposit.sha256) as original:
            return original.read(most)

    def _set(self, file: SourceFile) -> _Set:
        above = file.shown.split("/")[:-1]
        if above and above[-1].lower() in _DATA_FOLDERS:
            above.pop()
        by_name: dict[str, list[tuple[tuple[str, ...], SourceFile]]] = {}
        listed: dict[str, list[Picture]] = {}
        start = "".join(f"{name}/" for name in above)
        for each in self._files:
            if not each.shown.startswith(start) or each.shown == file.shown:
                continue
            names = tuple(name.lower() for name in each.shown.split("/")[len(above) :])
            by_name.setdefault(names[-1], []).append((names, each))
            if names[-1].endswith(".opt") and each.size <= _MOST_LIST:
                for key, pages in pictures(_content(each.path, _MOST_LIST))[0].items():
                    listed.setdefault(key, pages)
        return _Set(len(above), by_name, listed)


@dataclass(slots=True)
class _Row:
    """One row whose links are being followed."""

    sets: LoadSets
    of: _Set
    file: SourceFile
    item: NewItem
    values: dict[str, Any]
    line: int
    take: Take

    def complete(self) -> None:
        """Text, native, pictures; what is missing or wrong is a problem of the row."""
        self.values = {str(k): str(v) for k, v in self.values.items()}
        parts: dict[str, Any] = {}
        if link := load_fields.field(self.values, "text"):
            self._text(link, parts)
        if link := load_fields.field(self.values, "native"):
            self._native(link, parts)
        number = load_fields.field(self.values, "first")
        if pages := self.of.listed.pop(number, []):
            self._pictures(pages, parts)
        if parts:
            facts = orjson.loads(self.item.columns["facts"])
            self.item.columns["facts"] = orjson.dumps({**facts, "parts": parts}).decode()

    def _text(self, link: str, parts: dict[str, Any]) -> None:
        if "\n" in link or not re.search(r"\.\w{1,5}$", link):
            return  # the text itself, which is among the fields
        source = self._found(link, "text")
        deposit = self._received(source, ()) if source else None
        if source is None or deposit is None:
            return
        data = self.sets.bytes_of(deposit, _MOST_TEXT + 1)
        if len(data) > _MOST_TEXT:
            self._trouble(
                "too-much-text", f"The text file {_shown(link)} is too large to be read whole."
            )
        text = decode_text(data[:_MOST_TEXT]).text
        self.item.texts = (("body", text), *self.item.texts)
        parts["text"] = {"path": source.shown, "sha256": deposit.sha256.hex()}
        self.take(source, deposit, "text")

    def _native(self, link: str, parts: dict[str, Any]) -> None:
        source = self._found(link, "native")
        kinds = tuple(k for k in ("md5", "sha1") if load_fields.digest(self.values, k))
        deposit = self._received(source, kinds) if source else None
        if source is None or deposit is None:
            return
        for kind in ("md5", "sha1", "sha256"):
            said = load_fields.digest(self.values, kind)
            own = deposit.sha256.hex() if kind == "sha256" else getattr(deposit, kind)
            if said and own != said:
                name = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}[kind]
                text = f"The {name} of the native {_shown(link)} is not the one that the row gives."
                self._trouble("hash-differs", text)
        try:
            heads, form = self.sets.items_of(source, deposit)
        except (WorkerFault, msgspec.ValidationError, CaseKitError) as error:
            self.of.claimed.discard(source.shown)
            text = f"The native {_shown(link)} could not be made part of its row ({error})."
            self._trouble("native-apart", text)
            return
        self._below(heads, deposit)
        parts["native"] = {"path": source.shown, "sha256": deposit.sha256.hex()}
        self.take(source, deposit, form)

    def _pictures(self, pages: Sequence[Picture], parts: dict[str, Any]) -> None:
        made = []
        for number, page in enumerate(pages, 1):
            source = self._found(
                page.path, "picture", f" (line {page.line:,} of the list of pictures)"
            )
            deposit = self._received(source, ()) if source else None
            if source is None or deposit is None:
                continue
            media_type = _media_type(self.sets.bytes_of(deposit, 16))
            facts = {"page": number, "of": len(pages), "number": page.key}
            parsed = Parsed(
                "document" if media_type == "application/pdf" else "image", "documents", page.key, (),
                deposit.sha256, deposit.size, name=source.path.name[:200], media_type=media_type,
                pages=1, facts=orjson.dumps(facts).decode(),
            )  # fmt: skip
            self._below([new_item(parsed, source.shown)], deposit)
            made.append({"number": page.key, "path": source.shown, "sha256": deposit.sha256.hex()})
            self.take(source, deposit, "image")
        if made:
            parts["pictures"] = made
        said = load_fields.field(self.values, "pages")
        if said.isdecimal() and int(said[:9]) != len(pages):
            text = f"The row says {said[:9]} pages and the list of pictures has {len(pages)}."
            self._trouble("page-count-differs", text)

    def _below(self, heads: Sequence[NewItem], deposit: Deposit) -> None:
        for head in heads:
            head.original = deposit.sha256
        self.item.children = [*self.item.children, *heads]

    def _found(self, link: str, what: str, where: str = "") -> SourceFile | None:
        names = tuple(n.lower() for n in re.split(r"[\\/]+", link.strip()) if n not in ("", "."))
        if not names or ".." in names or "\0" in link:
            self._trouble(
                "link-outside", f"The link to the {what}{where} leads out of the production."
            )
            return None
        fitting = []
        for own, source in self.of.by_name.get(names[-1], ()):
            same = _alike(own, names)
            if same in (len(own), len(names)):
                fitting.append((same, source))
        best = max((same for same, _ in fitting), default=0)
        nearest = [source for same, source in fitting if same == best]
        if len(nearest) != 1:
            if nearest:
                said = f"The {what} {_shown(link)}{where} fits several files."
                self._trouble("ambiguous-file", said)
            else:
                self._trouble("missing-file", f"The {what} {_shown(link)}{where} is not there.")
            return None
        if nearest[0].shown in self.of.claimed:
            self._trouble(
                "shared-file", f"The {what} {_shown(link)}{where} is part of an earlier row."
            )
            return None
        return nearest[0]

    def _received(self, source: SourceFile, also: tuple[str, ...]) -> Deposit | None:
        try:
            deposit = self.sets.deposit(source, also)
        except CaseKitError as error:
            self._trouble("unreadable", str(error))
            return None
        self.of.claimed.add(source.shown)
        return deposit

    def _trouble(self, kind: str, text: str) -> None:
        problem = Problem("parse", kind, text, line=self.line or None)
        self.item.problems = [*self.item.problems, problem_row(problem, self.file.shown)]


def _alike(own: tuple[str, ...], names: tuple[str, ...]) -> int:
    """How many names two paths have in common from their ends."""
    same = 0
    while same < min(len(own), len(names)) and own[-1 - same] == names[-1 - same]:
        same += 1
    return same


def _is_load_file(file: SourceFile) -> bool:
    if Path(file.shown).suffix.lower() not in _MAY_BE or not file.size:
        return False
    return shape_of(_content(file.path, _HEAD)) is not None


def _content(path: Path, most: int) -> bytes:
    """The first bytes of a regular file, empty where it cannot be read; a link is never followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _SAFELY)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(most)
        except OSError:
            return b""


def _media_type(head: bytes) -> str:
    return next(
        (kind for magic, kind in _KINDS if head.startswith(magic)), "application/octet-stream"
    )


def _shown(link: str) -> str:
    """The last name of a link: where the other side kept it is nobody's business."""
    return re.split(r"[\\/]+", link.strip())[-1][:120]
