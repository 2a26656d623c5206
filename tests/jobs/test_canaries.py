"""200 canaries in 12 channels: what is withheld is in nothing that leaves, and what is planted blocks it.

A canary is a pair of words that stands nowhere else. Every channel holds its own of them in the evidence; all
are withheld, by passages or by boxes. Then everything that a case can hand over is made, taken apart to its
last byte, and read: by program, and where it is pixels by text recognition.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import re
import sqlite3  # noqa: TID251 - evidence of the tests: no case is opened by it
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from casekit import log, paths
from casekit.dossier.leaks import check_file
from casekit.dossier.redact import all_withheld
from casekit.dossier.spec import USUAL, DossierSpec
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.ingest.ocr import find_engine
from casekit.jobs import boxes as box_job
from casekit.jobs import companion, dossier, production
from casekit.ops import boxes as box_ops
from casekit.ops import exhibits, matter, privilege, redactions
from casekit.queries import items
from casekit.queries.redactions import WithheldWords, find_words
from casekit.store.case import Case, create_case
from tests.dossier.pdf_text import glyphs_of
from tests.ingest.ocr.engines import needs_engine

CHANNELS = (
    "text", "layers", "metadata", "bookmarks", "attachments", "names", "index", "thumbnails", "log",
    "load file", "database", "pixels",
)  # fmt: skip
_FIRST, _SECOND = "bdgkmnprtvz", "aeou"
_SYLLABLES = [a + b for a in _FIRST for b in _SECOND]
_WORD = re.compile(f"(?=((?:[{_FIRST}][{_SECOND}]){{4}}))")  # in the midst of others too
_WORDS = ("".join(each) for each in itertools.permutations(_SYLLABLES, 4))
CANARIES = [
    " ".join(pair) for pair in itertools.islice(zip(_WORDS, _WORDS, strict=False), 0, 2000, 10)
]
OF = {name: CANARIES[n :: len(CHANNELS)] for n, name in enumerate(CHANNELS)}
PUBLIC = "The parties agreed on public terms."


def test_there_are_200_and_each_channel_has_its_own() -> None:
    assert len(set(CANARIES)) == 200
    assert [w for c in CANARIES for w in c.split() if _WORD.findall(f"ba{w}be")[1:2] != [w]] == []
    assert sorted(c for some in OF.values() for c in some) == sorted(CANARIES)
    assert {len(some) for some in OF.values()} == {16, 17}


# -- evidence ---------------------------------------------------------------------------------------


def letter() -> bytes:
    """A mail whose subject, sender and headers name what its body says."""
    said = [*OF["bookmarks"], *OF["index"], *OF["load file"]]
    mail = EmailMessage()
    mail["From"] = f'"{OF["load file"][0]}" <someone@example.org>'
    mail["To"] = "other@example.org"
    mail["Subject"] = f"{OF['bookmarks'][0]} and {OF['index'][0]}"
    mail["Message-ID"] = "<canary@example.org>"
    mail["Date"] = "Wed, 14 Jan 2026 09:12:51 +0000"
    mail["X-Note"] = OF["load file"][1]
    mail.set_content(PUBLIC + "\n" + "".join(f"{c}.\n" for c in said))
    return mail.as_bytes()


def record() -> bytes:
    """A log record that says what it says again in fields that few read."""
    said = ". ".join([*OF["attachments"], *OF["log"], *OF["database"]])
    fields = {"echo": OF["log"][0], OF["database"][0]: 1, "trace": [OF["attachments"][0]]}
    return json.dumps(
        {"model": "aurora-4", "prompt": f"{PUBLIC} {said}.", "response": "Yes.", "extra": fields,
         "timestamp": "2026-01-14T09:12:51Z"}
    ).encode()  # fmt: skip


def page() -> bytes:
    """A PDF with canaries in its text, properties, metadata, bookmark and attached file's name."""
    room = io.BytesIO()
    canvas = Canvas(room, pagesize=(612, 792), invariant=1)
    canvas.setTitle(OF["metadata"][0])
    canvas.setAuthor(OF["metadata"][1])
    canvas.drawString(72, 760, PUBLIC)
    for n, canary in enumerate([*OF["layers"], *OF["metadata"]]):
        canvas.drawString(72, 735 - 20 * n, f"Line {n + 1}: {canary}.")
    canvas.bookmarkPage("x")
    canvas.addOutlineEntry(OF["layers"][0], "x")
    canvas.save()
    out = io.BytesIO()
    with pikepdf.open(room) as pdf:
        name = f"{OF['layers'][1]}.txt"
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, OF["layers"][1].encode())
        pdf.save(out)
    return out.getvalue()


def shot() -> bytes:
    """A picture of words, which its EXIF and the small picture in it tell again."""
    image = Image.new("RGB", (1500, 2400), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(44)
    draw.text((60, 30), PUBLIC, fill="black", font=font)
    for n, canary in enumerate([*OF["pixels"], *OF["thumbnails"]]):
        draw.text((60, 110 + 66 * n), f"{canary}.", fill="black", font=font)
    small = io.BytesIO()
    image.resize((150, 240)).save(small, "JPEG")
    exif = Image.Exif()
    exif[0x010E] = OF["thumbnails"][0]
    exif[0x9286] = OF["thumbnails"][1] + " " + small.getvalue().hex()
    room = io.BytesIO()
    image.save(room, "JPEG", quality=95, exif=exif)
    return room.getvalue()


def evidence() -> dict[str, bytes]:
    return {
        "letter.eml": letter(),
        "calls.jsonl": record() + b"\n",
        "page.pdf": page(),
        "shot.jpg": shot(),
        f"{OF['names'][0]}.txt": (
            PUBLIC + "\n" + "".join(f"{c}.\n" for c in [*OF["text"], *OF["names"]])
        ).encode(),
    }


@pytest.fixture(scope="module")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case in which all canaries are withheld, made and worked on while the program log is written."""
    folder = tmp_path_factory.mktemp("canaries")
    logger = logging.getLogger("casekit")
    before, level, propagate = logger.handlers[:], logger.level, logger.propagate
    log.start(verbose=True)
    with create_case(folder / "Case", "Aurora v. Meridian") as case:
        for name, data in evidence().items():
            (folder / name).write_bytes(data)
            ingest(case, [folder / name])
        withhold(case)
        yield case
    for handler in logger.handlers:
        handler.close()
    logger.handlers[:], logger.propagate = before, propagate
    logger.setLevel(level)


def withhold(case: Case) -> None:
    with case.read() as s:
        ids = [int(i) for i in items.item_ids(s, order="id")]
        views = [items.view(s, item_id) for item_id in ids]
    spans = [
        (view.row.id, part, start, stop)
        for view in views
        if view.row.media_type != "application/pdf" and view.row.kind != "image"
        for part, text in dict(reversed(view.texts)).items()
        for canary in CANARIES
        for start, stop in find_words(text, canary)
    ]
    with box_job.looking(case) as look:
        paged = [v.row.id for v in views if v.row.kind == "image" or v.row.pages]
        finders = [lambda text, c=canary: find_words(text, c) for canary in CANARIES]  # type: ignore[misc]
        boxes = box_job.boxes_over(look, paged, finders)
    with case.write() as s:
        redactions.redact(s, spans, "confidential")
        box_ops.add_boxes(s, boxes, "privacy")
        for n, view in enumerate(views, 1):
            exhibits.mark_exhibit(s, view.row.id, f"A-{n}")
        privilege.clear_items(s, ids)


# -- taking apart -----------------------------------------------------------------------------------


def readings(path: Path) -> Iterator[str]:
    """Everything that a file says, to whoever takes it apart."""
    data = path.read_bytes()
    yield path.name
    yield from said_in(data)
    if data[:5] == b"%PDF-":
        yield "".join(g.character for page in glyphs_of(path) for g in page)
        with pikepdf.open(path) as pdf:
            yield from map(str, pdf.attachments)
            for each in pdf.objects:
                yield from said_in(repr(each).encode())
                if isinstance(each, pikepdf.Stream):
                    yield from said_in(stream_of(each))
    elif data[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name
                yield from said_in(archive.read(name))


def stream_of(each: pikepdf.Stream) -> bytes:
    try:
        return bytes(each.read_bytes())
    except (pikepdf.PdfError, zlib.error):
        return bytes(each.read_raw_bytes())


def said_in(data: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252"):
        yield data.decode(encoding, "replace")
    text = data.decode("latin-1")
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), text)


def found_in(*folders: Path) -> set[str]:
    """The canaries that any file tells, whole or one word of it."""
    told = {
        "".join(text.split()).lower()
        for folder in folders
        for path in (sorted(folder.rglob("*")) if folder.is_dir() else [folder])
        if path.is_file()
        for text in readings(path)
    }
    words = {word for text in told for word in _WORD.findall(text)}
    return {c for c in CANARIES if words.intersection(c.split())}


def pictures_of(pdf: Path) -> Iterator[bytes]:
    """Every page as pixels."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        for n in range(len(opened)):
            room = io.BytesIO()
            opened[n].render(scale=200 / 72).to_pil().save(room, "PNG")
            yield room.getvalue()
    finally:
        opened.close()


# -- none leaks -------------------------------------------------------------------------------------


@needs_engine
def test_no_canary_leaves_by_any_channel(withheld: Case, tmp_path: Path) -> None:
    with withheld.read() as s:
        known = all_withheld(s)
    assert [c for c in CANARIES if not known.places(c)] == []
    out = tmp_path / "out"
    for profile in ("filing", "archive", "accessible", "bundle"):
        made = dossier.write(withheld, DossierSpec(profile=profile), out / f"{profile}.pdf")  # type: ignore[arg-type]
        assert PUBLIC.replace(" ", "") in "".join(
            g.character for page in glyphs_of(made.path) for g in page
        ).replace(" ", "")
    for kind in ("index", "redactions"):
        for ending in ("docx", "xlsx"):
            companion.write(withheld, kind, out / f"{kind}.{ending}")  # type: ignore[arg-type]
    planned = production.plan(withheld, "", Wish(images="pdf", tables=("csv", "xlsx")))
    production.write(withheld, planned, out)
    assert found_in(out) == set()
    assert found_in(paths.config_folder() / "casekit.log") == set()
    kinds = {path.read_bytes()[:16] for path in out.rglob("*") if path.is_file()}
    assert b"SQLite format 3\x00" not in kinds


@pytest.mark.slow
def test_no_canary_can_be_read_off_the_pixels(withheld: Case, tmp_path: Path) -> None:
    made = dossier.write(withheld, DossierSpec(), tmp_path / "filing.pdf")
    boxed = boxed_pages(made.path)
    with closing(find_engine()) as engine:
        read = "".join(
            engine.read(png, "eng", 200).text
            for no, png in enumerate(pictures_of(made.path), 1)
            if no in boxed
        ).lower()
    assert "public terms" in read
    assert [c for c in CANARIES if any(word in read for word in c.split())] == []


def boxed_pages(pdf: Path) -> set[int]:
    """The pages on which a box says why."""
    return {
        no
        for no, page in enumerate(glyphs_of(pdf), 1)
        if "REDACTED:personaldata" in "".join(g.character for g in page).replace(" ", "")
    }


# -- a planted one blocks -----------------------------------------------------------------------------


def planted(case: Case, folder: Path, name: str, data: bytes) -> int:
    """Another exhibit, in which nothing is withheld."""
    (folder / name).write_bytes(data)
    ingest(case, [folder / name])
    with case.read() as s:
        item_id = int(items.item_ids(s, order="id")[-1])
    with case.write() as s:
        exhibits.mark_exhibit(s, item_id, "B-1")
        privilege.clear_items(s, [item_id])
    return item_id


def in_a_text(case: Case, folder: Path, canary: str) -> None:
    planted(case, folder, "note.txt", f"Again {canary}.".encode())


def in_a_name(case: Case, folder: Path, canary: str) -> None:
    planted(case, folder, f"{canary}.txt", b"Nothing.")


def in_a_title(case: Case, folder: Path, canary: str) -> None:
    item_id = planted(case, folder, "note.txt", b"Nothing.")
    with case.write() as s:
        exhibits.unmark_exhibit(s, "B-1")
        exhibits.mark_exhibit(s, item_id, "B-1", title=f"On {canary}")


def in_properties(case: Case, folder: Path, canary: str) -> None:
    with case.write() as s:
        matter.set_matter(s, {"title": f"On {canary}"})


def in_a_record(case: Case, folder: Path, canary: str) -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in canary)
    text = f'{{"model": "m", "prompt": "Why?", "response": "So.", "zz": "{escaped}"}}\n'
    planted(case, folder, "more.jsonl", text.encode())


def in_a_database(case: Case, folder: Path, canary: str) -> None:
    path = folder / "made.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (said TEXT)")
        made.execute("INSERT INTO t VALUES (?)", (canary,))
    made.close()
    planted(case, folder, "evidence.db", path.read_bytes())


def in_a_layer(case: Case, folder: Path, canary: str) -> None:
    room = io.BytesIO()
    canvas = Canvas(room, invariant=1)
    text = canvas.beginText(72, 700)
    text.setTextRenderMode(3)
    text.textOut(f"Unseen {canary} words")
    canvas.drawText(text)
    canvas.save()
    planted(case, folder, "layer.pdf", room.getvalue())


def in_a_subject(case: Case, folder: Path, canary: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", f"On {canary}"
    mail["Date"] = "Wed, 14 Jan 2026 09:12:51 +0000"
    mail.set_content("Nothing.")
    planted(case, folder, "mail.eml", mail.as_bytes())


def to_dossier(case: Case, folder: Path) -> None:
    dossier.write(case, DossierSpec(profile="archive"), folder / "out" / "d.pdf")


def to_printed_log(case: Case, folder: Path) -> None:
    dossier.write(case, DossierSpec(sections=(*USUAL, "imports")), folder / "out" / "d.pdf")


def to_volume(case: Case, folder: Path) -> None:
    planned = production.plan(case, "", Wish(unread=True))
    production.write(case, planned, folder / "out")


Plant = Callable[[Case, Path, str], None]
Export = Callable[[Case, Path], None]


@pytest.fixture
def small(case: Case, tmp_path: Path) -> tuple[Case, str]:
    """A case in which one canary is withheld in one note."""
    canary = OF["text"][3]
    (tmp_path / "first.txt").write_bytes(f"{PUBLIC} It was {canary}.".encode())
    ingest(case, [tmp_path / "first.txt"])
    with case.read() as s:
        ((start, stop),) = find_words(items.view(s, 1).text("body"), canary)
    with case.write() as s:
        redactions.redact(s, [(1, "body", start, stop)], "privacy")
        exhibits.mark_exhibit(s, 1, "A-1")
        privilege.clear_items(s, [1])
    return case, canary


@pytest.mark.parametrize(
    ("channel", "plant", "export"),
    [
        ("text", in_a_text, to_dossier), ("layers", in_a_layer, to_dossier),
        ("metadata", in_properties, to_dossier), ("bookmarks", in_a_title, to_dossier),
        ("attachments", in_a_record, to_dossier), ("names", in_a_name, to_dossier),
        ("index", in_a_subject, to_dossier), ("log", in_a_name, to_printed_log),
        ("load file", in_a_subject, to_volume), ("database", in_a_database, to_volume),
    ],
)  # fmt: skip
def test_a_planted_canary_blocks_the_export(
    small: tuple[Case, str], tmp_path: Path, channel: str, plant: Plant, export: Export
) -> None:
    case, canary = small
    export(case, tmp_path / "sound")  # without it, it may go
    plant(case, tmp_path, canary)
    with pytest.raises(CaseKitError, match=r"redaction no\. 1 ") as refused:
        export(case, tmp_path)
    assert not [word for word in canary.split() if word in str(refused.value)]
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


@needs_engine
@pytest.mark.parametrize("channel", ["pixels"])
def test_planted_pixels_block_the_export(
    small: tuple[Case, str], tmp_path: Path, channel: str
) -> None:
    """The words stand in a picture beside a box that hides others; nothing but pixels tells them."""
    case, canary = small
    image = Image.new("RGB", (1200, 400), "white")
    ImageDraw.Draw(image).text((60, 60), canary, fill="black", font=ImageFont.load_default(48))
    room = io.BytesIO()
    image.save(room, "PNG")
    item_id = planted(case, tmp_path, "shot.png", room.getvalue())
    with box_job.looking(case) as look:
        from casekit.queries.boxes import Rect

        beside = box_job.box_at(look, item_id, 1, Rect(0, 700_000, 900_000, 900_000))
    with case.write() as s:
        box_ops.add_boxes(s, [beside], "privacy")
    with pytest.raises(CaseKitError, match=r"as a machine reads it: redaction no\. 1 "):
        dossier.write(case, DossierSpec(), tmp_path / "out" / "d.pdf", pixels=True)


def test_a_small_picture_of_a_page_blocks_the_export(
    small: tuple[Case, str], tmp_path: Path
) -> None:
    """Thumbnails: nothing that CaseKit makes has them, so one that is there was made before the paint."""
    case, _ = small
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    spoilt = tmp_path / "spoilt.pdf"
    with pikepdf.open(made.path) as pdf:
        small_one = pikepdf.Stream(pdf, b"\x00" * 300)
        small_one.stream_dict = pikepdf.Dictionary(
            Width=10, Height=10, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8
        )
        pdf.pages[0].obj.Thumb = pdf.make_indirect(small_one)
        pdf.save(spoilt)
    pages = [(n, "") for n in range(1, made.pages + 1)]
    known = WithheldWords([("no. 1", "x y")])
    check_file(made.path, pages, known)
    with pytest.raises(CaseKitError, match="page 1, its small picture"):
        check_file(spoilt, pages, known)


def test_the_program_s_log_tells_no_evidence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Planted: an error whose message quotes a canary leaves its kind and place there, not its words."""
    logger = logging.getLogger("casekit.test")
    record_ = io.StringIO()
    handler = logging.StreamHandler(record_)
    handler.setFormatter(log.WithoutEvidence("%(message)s"))
    logger.addHandler(handler)
    try:
        raise ValueError(OF["log"][0])
    except ValueError:
        logger.exception("unexpected")
    finally:
        logger.removeHandler(handler)
    assert "ValueError" in record_.getvalue()
    assert OF["log"][0] not in record_.getvalue()
