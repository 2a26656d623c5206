"""A production volume from a case: planned on one snapshot, written whole or not at all, and frozen."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from casekit import clock
from casekit.dossier import imaged, production, pseudonyms, redact
from casekit.dossier.load_file import (
    NEW_LINE,
    dat,
    lfp,
    opt,
    read_dat,
    read_lfp,
    read_opt,
    unwritten,
)
from casekit.dossier.manifest import named
from casekit.dossier.volume import FIELDS, Document, Volume, Wish
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.jobs import rsmf_files, volume_images
from casekit.jobs.load_tables import table_bytes
from casekit.jobs.originals import raw_bytes
from casekit.jobs.sealing import Made, give_name, put, put_in_place, recorded, seal, settle
from casekit.jobs.volume_images import Drawn
from casekit.ops import productions
from casekit.progress import Progress, Silent
from casekit.queries import items, recognised
from casekit.queries import matter as matter_queries
from casekit.queries.names import check_name
from casekit.queries.productions import VOLUME
from casekit.queries.redactions import WithheldWords
from casekit.queries.whole_values import NONE
from casekit.search import query as parsed_query
from casekit.store.case import Case


@dataclass(frozen=True, slots=True)
class Written:
    """A volume on disk; `sha256` is that of its manifest, 64 hex digits, `pages` the numbers it uses.

    Attributes:
        problems: Sentences about pages that could not be shown in a picture.
    """

    path: Path
    sha256: str
    pages: int
    volume: Volume
    problems: tuple[str, ...] = ()


def plan(
    case: Case, query: str, wish: Wish | None = None, progress: Progress | None = None
) -> Volume:
    """What a production of all that a query finds would hold; nothing is written.

    A wish that replaces documents says itself which, and the query counts for nothing.

    Raises:
        CaseKitError: The query finds nothing, or as `dossier.production.plan`.
    """
    node = None if wish and wish.replace else parsed_query(case, query)
    with case.read() as s:
        ids = [] if node is None else [int(i) for i in items.item_ids(s, node, order="date")]
        if node is not None and not ids:
            raise CaseKitError("The search finds nothing: choose other items.")
        return production.plan(s, ids, wish, progress)


def unjudged(case: Case, volume: Volume) -> list[str]:
    """Numbers of what goes out with pictures that may show what is redacted: nobody has read their words.

    None in a case without redactions.
    """
    natives = {one.item_id: one.fields["BEGBATES"] for one in volume.produced if _shows_all(one)}
    with case.read() as s:
        if not redact.all_withheld(s):
            return []
        return [natives[item_id] for item_id in recognised.unread(s, natives)]


def write(case: Case, volume: Volume, folder: Path, progress: Progress | None = None) -> Written:
    """Write a planned production into a folder below `folder` that has the volume's name, and freeze it.

    It is written under another name, read back, brought to the disk, frozen and then renamed: what is
    cancelled, refused or breaks leaves nothing and uses up no number. Should the power fail between the last
    two steps, what is recorded lies whole under the other name, and `put_in_place` gives it its own.

    Raises:
        CaseKitError: It is there already, the folder's name tells what is withheld, a document would tell
            words that are redacted, evidence is damaged, or the case has changed since it was planned.
    """
    progress = progress or Silent()
    out = folder / volume.title
    if out.exists():
        raise CaseKitError("{name} is already there: choose another folder.", name=out.name)
    with case.read() as s:
        check_name(s, folder.resolve().name)
    folder.mkdir(parents=True, exist_ok=True)
    put_in_place(case, folder)
    building = folder / f".{volume.title}-{secrets.token_hex(4)}"
    before = False
    try:
        with case.read() as s:
            withheld = redact.all_withheld(s)
        files = _texts(case, volume, building, progress)
        files |= _natives(case, volume, building, progress)
        chats, first = rsmf_files.write(case, volume, building, progress)
        drawn = volume_images.draw(case, volume, building, withheld, progress)
        made = _listed(volume, building, files | chats, drawn, first)
        settle(building)
        before = recorded(case, building)  # the very same plan, written twice
        with case.write() as s:
            productions.issue(s, volume, made, kind=VOLUME, slips=volume.slips)
    except BaseException:
        if before or not recorded(case, building):
            shutil.rmtree(building, ignore_errors=True)
        raise
    give_name(building, out)
    return Written(out, made.sha256, made.pages, volume, drawn.problems)


def _shows_all(one: Document) -> bool:
    """Whether a document goes out as it is, so that all that was ever read of it is told."""
    return bool(one.native) or one.how == "pages"


def _texts(case: Case, volume: Volume, building: Path, progress: Progress) -> dict[str, str]:
    """Write the text of every document, once all that it and the load file say has been judged."""
    files = {}
    told: list[tuple[str, str]] = []
    with case.read() as s:
        withheld, given = redact.all_withheld(s), pseudonyms.of_case(s, pseudonyms.wording_of(s))
        words = wording(matter_queries.get(s).profile or "neutral")
        for done, one in enumerate(volume.produced):
            progress.step(done, len(volume.produced), "writing texts")
            whole = items.view(s, one.item_id)
            view = redact.redacted(whole, words, given, pictured=False)
            text = production.text_of(view, machine=_shows_all(one))
            seen = [text, *{told for v in one.fields.values() for told in (v, unwritten(v))}]
            if _shows_all(one):
                boxed = {str(box.page) for box in whole.boxes}
                open_ = redact.redacted(whole, words, NONE) if boxed else whole
                seen += [each for _, each in open_.texts]
                seen += [each.text for each in whole.read if each.page not in boxed]
            told += _places(withheld, one.named, seen)
            files[one.text] = put(building / one.text, text.encode("utf-8", "backslashreplace"))
        told += _slip_texts(s, volume, building, words, files)
    redact.refuse(told, redact.PRODUCTION_TELLS)
    return files


def _slip_texts(
    s: Connection, volume: Volume, building: Path, words: Wording, files: dict[str, str]
) -> list[tuple[str, str]]:
    """Write the text of every slip sheet; gives where one tells words that are redacted."""
    withheld = redact.all_withheld(s)
    log = pseudonyms.log_entries(s, pseudonyms.of_case(s, words)) if volume.slips else {}
    told: list[tuple[str, str]] = []
    for one in volume.slips:
        text = imaged.text_of(imaged.withheld_slip(log[one.item_id], words))
        told += _places(withheld, one.named, [text, *one.fields.values()])
        files[one.text] = put(building / one.text, text.encode("utf-8", "backslashreplace"))
    return told


def _natives(case: Case, volume: Volume, building: Path, progress: Progress) -> dict[str, str]:
    """Write the exact bytes of every document that may go as it is; each is checked against its hash."""
    with case.read() as s:
        withheld = redact.all_withheld(s)
    files = {}
    told: list[tuple[str, str]] = []
    for done, one in enumerate(volume.produced):
        if one.native:
            progress.step(done, len(volume.produced), "writing natives")
            data = raw_bytes(case, one.item_id)
            if withheld:
                told += _places(withheld, one.named, [redact.readable(data)])
            files[one.native] = put(building / one.native, data)
            if files[one.native] != one.sha256 or (building / one.native).read_bytes() != data:
                raise CaseKitError(
                    "The native of {number} could not be written as it is: check the disk and try again.",
                    number=one.fields["BEGBATES"],
                )
    redact.refuse(told, redact.PRODUCTION_TELLS)
    return files


def _places(withheld: WithheldWords, named: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(named, name) for text in texts for _, _, name in withheld.places(text)]


def _listed(
    volume: Volume, building: Path, files: Mapping[str, str], drawn: Drawn, chats: Mapping[str, str]
) -> Made:  # fmt: skip
    """Write the load files and read them back, then the manifest and the list of hashes."""
    listed = {**files, **drawn.files}
    numbers = {
        path: one.fields["BEGBATES"]
        for one in volume.documents
        for path in (one.native, one.text)
        if path
    }
    numbers |= {path: key for key, path in drawn.pages}
    numbers.update(chats)
    for name, data in _load_files(volume, drawn):
        listed[name] = put(building / name, data)
    content = {
        "v": 1, "volume": volume.title, "date": clock.iso(volume.at_us), "case": volume.case,
        "made_with": f"CaseKit {volume.version}", "plan_sha256": volume.digest().hex(),
        "custody": {"seq": volume.custody_seq, "root": volume.custody_root},
        "documents": len(volume.documents), "pictures": len(drawn.pages),
        "left_out": msgspec.to_builtins(volume.left_out),
        "shown_as_code_points": msgspec.to_builtins(volume.odd),
    }  # fmt: skip
    if volume.recipients:
        content["recipients"] = named(volume.recipients)
    digest = seal(building, content, listed, numbers)
    return Made(digest, sum(one.last - one.first + 1 for one in volume.documents))


def _load_files(volume: Volume, drawn: Drawn) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of the load files, each of which reads back as it was planned."""
    rows = [one.fields for one in volume.documents]
    table = dat(FIELDS, rows, volume.encoding)
    back = [[*row.values()] for row in read_dat(table)]
    if back != [[_lines(row[f]) for f in FIELDS] for row in rows]:
        raise CaseKitError("The load file does not read back as it was planned: report this fault.")
    yield f"DATA/{volume.title}.DAT", table
    for kind in volume.tables:
        if kind == "lfp" or kind == "rsmf":
            continue
        yield f"DATA/{volume.title}.{kind.upper()}", table_bytes(kind, FIELDS, rows, volume.at_us)
    if volume.images == "none":
        return
    pages = iter(drawn.pages)
    documents = [list(islice(pages, one.pages)) for one in volume.documents if one.pages]
    linked = [[(key, production.link(volume.title, path)) for key, path in d] for d in documents]
    pictured = opt(volume.title, linked)
    if read_opt(pictured) != linked or [p for d in documents for p in d] != drawn.pages:
        raise CaseKitError("The load file does not read back as it was planned: report this fault.")
    yield f"DATA/{volume.title}.OPT", pictured
    if "lfp" in volume.tables:
        attached = {row["BEGBATES"] for row in rows if row["PARENTID"]}
        pictured = lfp(volume.title, documents, attached)
        below = [[(key, path.replace("/", "\\")) for key, path in d] for d in documents]
        if read_lfp(pictured) != below:
            raise CaseKitError(
                "The load file does not read back as it was planned: report this fault."
            )
        yield f"DATA/{volume.title}.LFP", pictured


def _lines(value: str) -> str:
    return value.replace(NEW_LINE, "\n")
