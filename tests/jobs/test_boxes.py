"""Boxes on real pages: rotated, cropped, encrypted, scanned; what lies under them is in nothing that leaves."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from casekit.confine import Worker, WorkerFailed
from casekit.dossier import boxes as burned
from casekit.dossier.leaks import check_file
from casekit.dossier.pdfa import Profile
from casekit.dossier.redact import all_withheld
from casekit.dossier.render import Rendered
from casekit.dossier.spec import DossierSpec
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest, views
from casekit.ingest.ocr import find_engine, usual_name
from casekit.ingest.ocr.engine import PageText
from casekit.jobs import boxes as box_job
from casekit.jobs import dossier, production
from casekit.ops import boxes as box_ops
from casekit.ops import exhibits, journal, privilege
from casekit.progress import Silent
from casekit.queries import items
from casekit.queries.boxes import EVERYTHING, WHOLE, BoxRow, Rect, boxes
from casekit.queries.redactions import WithheldWords, find_words
from casekit.store.case import Case
from tests.dossier.pdf_text import glyphs_of
from tests.ingest.ocr.engines import FakeEngine, needs_engine, use_none

SECRET = "zanzibar halifax ravensworth"
PUBLIC = "The parties agreed on the terms"
Change = Callable[[pikepdf.Pdf], None]


def lettered(secret: str = f"Account of {SECRET} today") -> bytes:
    """A page with public lines above and below a secret one, all in black on white."""
    room = io.BytesIO()
    canvas = Canvas(room, pagesize=(612, 792), invariant=1)
    canvas.setFont("Helvetica", 18)
    for y, line in (
        (650, PUBLIC),
        (560, secret),
        (470, "and signed them in June"),
    ):
        canvas.drawString(120, y, line)
    canvas.save()
    return room.getvalue()


def changed(data: bytes, change: Change, **options: object) -> bytes:
    room = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(room, **options)
    return room.getvalue()


def turned(degrees: int) -> bytes:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = degrees

    return changed(lettered(), turn)


def cropped(degrees: int = 0) -> bytes:
    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].CropBox = pikepdf.Array([90, 400, 560, 720])
        pdf.pages[0].Rotate = degrees

    return changed(lettered(), crop)


def encrypted() -> bytes:
    locked = pikepdf.Encryption(owner="owner", user="", R=6)
    return changed(lettered(), lambda pdf: None, encryption=locked)


def drawn(size: tuple[int, int] = (1200, 700), *, form: str = "PNG", **options: object) -> bytes:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(48)
    for y, line in ((80, PUBLIC), (300, f"Account of {SECRET}"), (520, "and signed them in June")):
        draw.text((60, y), line, fill="black", font=font)
    room = io.BytesIO()
    image.save(room, form, **options)
    return room.getvalue()


def scanned() -> bytes:
    room = io.BytesIO()
    canvas = Canvas(room, pagesize=(600, 350), invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(drawn())), 0, 0, 600, 350)
    canvas.save()
    return room.getvalue()


SOURCES = {
    "upright.pdf": lettered,
    "right.pdf": partial(turned, 90),
    "down.pdf": partial(turned, 180),
    "left.pdf": partial(turned, 270),
    "cropped.pdf": cropped,
    "cropped-right.pdf": partial(cropped, 90),
    "encrypted.pdf": encrypted,
}


def taken_in(case: Case, folder: Path, name: str, data: bytes) -> int:
    (folder / name).write_bytes(data)
    ingest(case, [folder / name])
    with case.read() as s:
        item_id = int(items.item_ids(s, order="id")[-1])
    with case.write() as s:
        exhibits.mark_exhibit(s, item_id, f"A-{item_id}")
        privilege.clear_items(s, [item_id])
    return item_id


def painted_over(case: Case, item_id: int, words: str = SECRET, **values: bool) -> list[BoxRow]:
    with box_job.looking(case) as look:
        new = box_job.boxes_over(look, [item_id], [lambda text: find_words(text, words)])
    assert new, "the words were not found on the page"
    with case.write() as s:
        box_ops.add_boxes(s, new, "privacy", authority="Rule 5.2(a)", **values)
    with case.read() as s:
        return boxes(s, [item_id])


def drawn_at(
    case: Case, item_id: int, rect: Rect, kind: box_ops.Kind = "hide", page: int = 1
) -> None:
    with box_job.looking(case) as look:
        new = box_job.box_at(look, item_id, page, rect, kind)
    with case.write() as s:
        box_ops.add_boxes(s, [new], "confidential")


def written(case: Case, out: Path, profile: Profile = "filing", **options: bool) -> Rendered:
    return dossier.write(case, DossierSpec(profile=profile), out, **options)


def text_of(path: Path) -> str:
    return "".join(g.character for page in glyphs_of(path) for g in page)


def pixels_of(path: Path) -> list[Image.Image]:
    """Every picture in a PDF, decoded."""
    found = []
    with pikepdf.open(path) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image":
                found.append(pikepdf.PdfImage(each).as_pil_image().convert("RGB"))
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_what_lies_under_a_box_is_neither_seen_nor_read(
    case: Case, tmp_path: Path, name: str
) -> None:
    item_id = taken_in(case, tmp_path, name, SOURCES[name]())
    (box,) = painted_over(case, item_id)
    assert " ".join(word.text for word in box.words) == SECRET
    assert (box.source, box.kind) == ("text", "hide")
    rendered = written(case, tmp_path / "d.pdf")
    text = text_of(rendered.path)
    assert [word for word in (*PUBLIC.split(), "Account", "June") if word not in text] == []
    assert [word for word in SECRET.split() if word in text] == []
    assert "REDACTED: personal data" in text
    (page,) = pixels_of(rendered.path)
    area = page.crop(
        (
            page.width * box.left // WHOLE, page.height * box.top // WHOLE,
            page.width * box.right // WHOLE, page.height * box.bottom // WHOLE,
        )
    )  # fmt: skip
    assert area.getcolors(1) == [(area.width * area.height, (0, 0, 0))]
    dark = sum(n for n, colour in page.getcolors(1 << 20) or [] if max(colour) < 128)
    assert dark > area.width * area.height  # the public lines are still there


@needs_engine
@pytest.mark.parametrize(
    "name", [n if n == "left.pdf" else pytest.param(n, marks=pytest.mark.slow) for n in SOURCES]
)
def test_a_machine_reads_the_finished_page_and_not_what_is_under_the_box(
    case: Case, tmp_path: Path, name: str
) -> None:
    item_id = taken_in(case, tmp_path, name, SOURCES[name]())
    painted_over(case, item_id)
    rendered = written(case, tmp_path / "d.pdf", pixels=True)
    assert rendered.path.exists()


@needs_engine
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("shot.png", drawn()),
        pytest.param("scan.pdf", scanned(), marks=pytest.mark.slow),
        pytest.param("photo.jpg", drawn(form="JPEG", quality=95), marks=pytest.mark.slow),
    ],
)
def test_words_of_pictures_are_found_by_a_machine_and_painted_over(
    case: Case, tmp_path: Path, name: str, data: bytes
) -> None:
    item_id = taken_in(case, tmp_path, name, data)
    (box,) = painted_over(case, item_id)
    assert box.source.startswith(usual_name())
    assert box.words[0].text.lower() == "zanzibar"
    rendered = written(case, tmp_path / "d.pdf", pixels=True)
    assert rendered.problems == ()
    assert "zanzibar" not in text_of(rendered.path)


def test_a_picture_turned_by_its_camera_is_boxed_as_it_is_shown(case: Case, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter before it is shown
    side = drawn()
    with Image.open(io.BytesIO(side)) as image:
        room = io.BytesIO()
        image.rotate(90, expand=True).save(room, "JPEG", quality=95, exif=exif)
    item_id = taken_in(case, tmp_path, "photo.jpg", room.getvalue())
    drawn_at(case, item_id, Rect(0, 380_000, WHOLE, 600_000))
    rendered = written(case, tmp_path / "d.pdf")
    (page,) = pixels_of(rendered.path)
    assert page.width > page.height
    band = page.crop((0, int(page.height * 0.39), page.width, int(page.height * 0.59)))
    assert band.getcolors(1) == [(band.width * band.height, (0, 0, 0))]


@pytest.mark.parametrize("kind", ["hide", "keep"])
def test_a_whole_page_or_all_but_a_box_is_withheld(
    case: Case, tmp_path: Path, kind: box_ops.Kind
) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    rect = EVERYTHING if kind == "hide" else Rect(100_000, 140_000, 900_000, 220_000)
    drawn_at(case, item_id, rect, kind)
    rendered = written(case, tmp_path / "d.pdf")
    text = "".join(text_of(rendered.path).split())
    assert ("".join(PUBLIC.split()) in text) == (kind == "keep")
    assert not [word for word in (*SECRET.split(), "signed") if word in text]
    (page,) = pixels_of(rendered.path)
    inside = page.crop((page.width // 8, page.height // 7, page.width * 7 // 8, page.height // 5))
    assert (len(inside.getcolors(1 << 16) or [1, 1]) > 1) == (kind == "keep")
    below = page.crop((0, page.height // 4, page.width, page.height))
    assert below.getcolors(1) == [(below.width * below.height, burned.PALE)]


def test_two_kept_boxes_show_both_and_nothing_between(case: Case, tmp_path: Path) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    drawn_at(case, item_id, Rect(100_000, 140_000, 900_000, 220_000), "keep")
    drawn_at(case, item_id, Rect(100_000, 370_000, 900_000, 440_000), "keep")
    text = text_of(written(case, tmp_path / "d.pdf").path)
    assert "agreed" in text
    assert "signed" in text
    assert "zanzibar" not in text


def test_the_same_words_elsewhere_block_unless_somebody_says_that_they_may(
    case: Case, tmp_path: Path
) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    taken_in(case, tmp_path, "note.txt", f"Again {SECRET}.".encode())
    (box,) = painted_over(case, item_id)
    with pytest.raises(CaseKitError, match=f"box {box.id} on page 1 .item {item_id}.") as refused:
        written(case, tmp_path / "d.pdf")
    assert "zanzibar" not in str(refused.value)
    assert not list(tmp_path.glob("d.*"))
    with case.write() as s:
        box_ops.change_boxes(s, [box.id], reason="privacy", authority="", elsewhere=True)
    text = text_of(written(case, tmp_path / "d.pdf").path)
    assert text.count("zanzibar") == 1


def test_the_same_words_on_another_page_of_the_same_exhibit_block(
    case: Case, tmp_path: Path
) -> None:
    def twice(pdf: pikepdf.Pdf) -> None:
        pdf.pages.append(pdf.pages[0])

    item_id = taken_in(case, tmp_path, "a.pdf", changed(lettered(), twice))
    first, second = painted_over(case, item_id)
    with case.write() as s:
        box_ops.lift_boxes(s, [second.id])
    with pytest.raises(CaseKitError, match=r"Exhibit A-1, page 2: redaction box 1"):
        written(case, tmp_path / "d.pdf")
    assert (first.page, second.page) == (1, 2)


@pytest.mark.parametrize("profile", ["archive", "accessible", "bundle"])
def test_no_native_and_no_hash_of_an_item_with_boxes_leaves(
    case: Case, tmp_path: Path, profile: Profile
) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    painted_over(case, item_id)
    rendered = written(case, tmp_path / "d.pdf", profile)
    with case.read() as s:
        sha256 = items.view(s, item_id).sha256.hex()
    with pikepdf.open(rendered.path) as pdf:
        assert list(pdf.attachments) == []
    told = rendered.manifest.read_text() + rendered.sums.read_text() + text_of(rendered.path)
    assert sha256[:8] not in told


def test_a_volume_has_no_native_of_an_item_with_boxes(case: Case, tmp_path: Path) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    painted_over(case, item_id)
    made = production.write(case, production.plan(case, "kind:document"), tmp_path / "out")
    files = {str(path.relative_to(made.path)) for path in made.path.rglob("*") if path.is_file()}
    assert not [name for name in files if name.startswith("NATIVES")]
    told = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    assert [word for word in SECRET.split() if word.encode() in told] == []
    assert b"Account of [REDACTED: personal data] today" in told
    assert PUBLIC.encode() in told


def test_page_pictures_of_a_volume_are_painted_and_proved(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in(case, tmp_path, "first.pdf", lettered("Nothing to hide"))
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    painted_over(case, item_id, elsewhere=True)
    planned = production.plan(case, "kind:document", Wish(images="pdf"))
    with monkeypatch.context() as broken:
        broken.setattr("casekit.dossier.render.paint", lambda png, boxes: png)
        with pytest.raises(CaseKitError, match="does not hide all that lies under it"):
            production.write(case, planned, tmp_path / "out")
    made = production.write(case, planned, tmp_path / "out")
    texts = [text_of(path) for path in sorted(made.path.glob("IMAGES/*/*.pdf"))]
    assert ["hide" in text for text in texts] == [True, False]
    assert ["REDACTED" in text for text in texts] == [False, True]
    assert [word for word in SECRET.split() for text in texts if word in text] == []
    pictures = [
        image for path in sorted(made.path.glob("IMAGES/*/*.pdf")) for image in pixels_of(path)
    ]
    assert [
        image.getpixel((image.width // 2, image.height * 286 // 1000)) for image in pictures
    ] == [
        (255, 255, 255),
        (0, 0, 0),
    ]


def test_a_box_is_undone_and_moved_with_its_words(case: Case, tmp_path: Path) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    (box,) = painted_over(case, item_id)
    with box_job.looking(case) as look:
        to = box_job.box_at(look, item_id, 1, Rect(100_000, 140_000, 900_000, 220_000))
    with case.write() as s:
        moved = box_ops.move_box(s, box.id, to)
    with case.read() as s:
        (row,) = boxes(s)
    assert " ".join(word.text for word in row.words) == PUBLIC
    assert (row.reason, row.authority) == ("privacy", "Rule 5.2(a)")
    with case.write() as s:
        journal.undo(s, moved.act)
    with case.read() as s:
        assert boxes(s) == [box]


@pytest.mark.parametrize("at_once", [0, box_job._AT_ONCE], ids=["large", "usual"])
def test_a_box_that_hides_nothing_is_caught_in_the_finished_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Hostile twin: the painter is broken, then the words behind the picture are left in."""
    monkeypatch.setattr(box_job, "_AT_ONCE", at_once)
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    painted_over(case, item_id, elsewhere=True)
    with monkeypatch.context() as broken:
        broken.setattr("casekit.dossier.render.paint", lambda png, boxes: png)
        with pytest.raises(CaseKitError, match="does not hide all that lies under it"):
            written(case, tmp_path / "d.pdf")
    with monkeypatch.context() as broken:
        broken.setattr("casekit.dossier.redact._boxed", lambda *_, **__: [])
        broken.setattr("casekit.dossier.draw.shown_spots", lambda spots, boxes: list(spots))
        with pytest.raises(CaseKitError, match="does not hide all that lies under it"):
            written(case, tmp_path / "d.pdf")
    assert not list(tmp_path.glob("d.*"))
    assert written(case, tmp_path / "d.pdf").pages


@needs_engine
@pytest.mark.slow
def test_what_a_machine_reads_in_the_finished_pixels_is_refused(case: Case, tmp_path: Path) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    drawn_at(case, item_id, Rect(0, 0, WHOLE, 50_000))
    rendered = written(case, tmp_path / "d.pdf")
    withheld = WithheldWords([("no. 9", PUBLIC)])
    painted = [
        burned.Painted(n, "page", Rect(0, 0, 1, 1), (0, 0, 0), None, "")
        for n in range(1, rendered.pages + 1)
    ]
    with Worker(preload=views.PRELOAD) as worker, closing(find_engine()) as engine:
        prove = partial(box_job.prove, worker, rendered.path, painted, engine=engine)
        prove(WithheldWords([]), Silent())
        with pytest.raises(CaseKitError, match=r"as a machine reads it: redaction no\. 9"):
            prove(withheld, Silent())
    check_file(rendered.path, [(n, "") for n in range(1, rendered.pages + 1)], WithheldWords([]))


def test_a_finished_page_that_no_machine_could_read_is_not_passed() -> None:
    def fails(_png: bytes, _language: str, _dpi: int) -> PageText:
        raise WorkerFailed("ValueError")

    with pytest.raises(
        CaseKitError, match=r"Page 3 .* could not be read .*ValueError.* nothing was written"
    ):
        box_job._read_again(FakeEngine(fails), b"", 3)


def test_a_box_of_unknown_words_is_told_and_takes_the_page_s_text(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_none(monkeypatch)
    item_id = taken_in(case, tmp_path, "shot.png", drawn())
    drawn_at(case, item_id, Rect(0, 400_000, WHOLE, 600_000))
    with case.read() as s:
        assert boxes(s)[0].source == ""
        assert not all_withheld(s)
    (problem,) = written(case, tmp_path / "d.pdf").problems
    assert "nobody knows which words lie under the boxes on pages 1" in problem


def test_a_boxed_attachment_is_painted_in_its_mail_and_in_every_copy_or_nothing_is_written(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows the words under the box: the bytes alone tell that the copy shows them."""

    use_none(monkeypatch)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@x.example", "b@x.example", "A scan"
    letter["Date"] = "Wed, 14 Jan 2026 09:12:51 +0000"
    letter.set_content("See the scan.")
    letter.add_attachment(drawn(), maintype="image", subtype="png", filename="scan.png")
    (tmp_path / "m.eml").write_bytes(letter.as_bytes())
    ingest(case, [tmp_path / "m.eml"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "M-1")
        privilege.clear_items(s, [1, 2])
    hidden = Rect(0, 400_000, WHOLE, 600_000)
    drawn_at(case, 2, hidden)
    rendered = written(case, tmp_path / "m.pdf", "archive")
    (page,) = pixels_of(rendered.path)
    band = page.crop((4, page.height * 2 // 5 + 4, page.width - 4, page.height * 3 // 5 - 4))
    assert len(band.getcolors(1 << 20) or []) == 1
    with pikepdf.open(rendered.path) as pdf:
        assert [name for name in pdf.attachments if name.endswith(("eml", "png"))] == []
    volume = production.write(case, production.plan(case, "*", Wish()), tmp_path / "out")
    assert not [p for p in volume.path.rglob("*") if p.suffix in (".eml", ".png")]

    copy = taken_in(case, tmp_path, "copy.png", drawn())
    said = f"Item {copy} is the same file as item 2"
    with pytest.raises(CaseKitError, match=said):
        written(case, tmp_path / "d.pdf")
    with pytest.raises(CaseKitError, match=said):
        production.plan(case, "*", Wish())
    drawn_at(case, copy, Rect(0, 450_000, WHOLE, WHOLE))
    with pytest.raises(CaseKitError, match="is the same file as"):
        written(case, tmp_path / "d.pdf")
    drawn_at(case, copy, EVERYTHING)
    with pytest.raises(CaseKitError, match=f"Item 2 is the same file as item {copy}"):
        written(case, tmp_path / "d.pdf")
    with case.write() as s:
        box_ops.change_boxes(
            s, [row.id for row in boxes(s, [copy])], reason="privacy", authority="", elsewhere=True
        )
    assert written(case, tmp_path / "d.pdf").exhibits == 2


def test_the_log_tells_page_and_place_and_not_the_words(case: Case, tmp_path: Path) -> None:
    item_id = taken_in(case, tmp_path, "a.pdf", lettered())
    drawn_at(case, item_id, Rect(100_000, 250_000, 900_000, 310_000))
    text = text_of(written(case, tmp_path / "d.pdf").path)
    joined = "".join(text.split())
    assert "page1,boxat" in joined
    assert "10–90%×25–31%" in joined
    assert "wordsmaybeshownelsewhere" not in joined
    assert "confidentialbusinessinformation" in joined
