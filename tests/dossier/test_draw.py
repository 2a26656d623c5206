import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pypdfium2
from PIL import Image

from casekit.dossier.draw import Drawing
from casekit.dossier.flow import PAPERS, Page, Picture, Text
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.pieces import Placed
from tests.dossier.pdf_text import bare, glyphs_of

PAPER = PAPERS["letter"]
FOOT = "Page {page} of {total}|{chapter} · page {part} of {parts}"


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def draw(
    tmp_path: Path,
    faces: Mapping[str, Glyphs],
    page: Page,
    picture: bytes | str = b"",
    draft: str = "",
) -> Path:
    target = tmp_path / "x.pdf"
    drawing = Drawing(target, PAPER, faces, ("Aurora v. Meridian", "5:26", "CONFIDENTIAL"), draft)
    drawing.page(page, 214, lambda _: picture, FOOT)
    drawing.save()
    return target


def picture(text: str = "") -> Picture:
    return Picture(72, 68, 468, 600, 1, 1, 150, text, "a.pdf")


def pixels(path: Path) -> Image.Image:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return pdf[0].render(scale=1).to_pil().convert("RGB")
    finally:
        pdf.close()


def test_pictures_are_not_spelt_in_letters(tmp_path: Path, faces: Mapping[str, Glyphs]) -> None:
    """What puts the file together would undo it, and it takes long."""
    page, noise = Page(1, ops=[picture()]), Image.effect_noise((300, 300), 60)
    drawn = draw(tmp_path, faces, page, png(noise)).read_bytes()
    assert b"/FlateDecode" in drawn
    assert b"/ASCII85Decode" not in drawn


def test_head_and_foot(tmp_path: Path, faces: Mapping[str, Glyphs]) -> None:
    page = Page(87, chapter="Exhibit A-17", part=3, parts=5, bates="AUR-0000412")
    text = bare(
        "".join(g.character for g in glyphs_of(draw(tmp_path, faces, page, draft="DRAFT"))[0])
    )
    for wanted in ("Aurorav.Meridian", "5:26", "CONFIDENTIAL", "DRAFT", "Page87of214", "ExhibitA-17·page3of5",
                   "AUR-0000412"):  # fmt: skip
        assert wanted in text


def test_a_page_with_a_designation_of_its_own_says_it(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    text = bare(
        "".join(
            g.character for g in glyphs_of(draw(tmp_path, faces, Page(1, designation="AEO")))[0]
        )
    )
    assert "AEO" in text
    assert "CONFIDENTIAL" not in text


def test_what_follows_a_hidden_text_is_seen(tmp_path: Path, faces: Mapping[str, Glyphs]) -> None:
    page = Page(1, bates="AUR-0000412", ops=[picture("hidden words\nof the page")])
    made = draw(tmp_path, faces, page, png(Image.new("RGB", (600, 700), "white")))
    assert "hiddenwords" in bare("".join(g.character for g in glyphs_of(made)[0]))
    image = pixels(made)
    foot = image.crop((440, 742, 545, 756)).convert("L")
    assert foot.getextrema()[0] < 140
    inside = image.crop((90, 140, 500, 600)).convert("L")
    assert inside.getextrema() == (255, 255)


def test_a_picture_keeps_its_shape_and_its_colours(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    image = Image.new("RGBA", (100, 300), (200, 30, 30, 255))
    image.paste((0, 0, 0, 0), (0, 0, 100, 150))
    found = pixels(draw(tmp_path, faces, Page(1, ops=[picture()]), png(image)))
    red = [
        (x, y)
        for x in range(0, 612, 3)
        for y in range(0, 792, 3)
        if found.getpixel((x, y)) == (200, 30, 30)
    ]
    xs, ys = [x for x, _ in red], [y for _, y in red]
    assert 68 <= max(xs) - min(xs) <= 76
    assert 106 <= max(ys) - min(ys) <= 113


def test_a_grey_picture_is_stored_in_grey(tmp_path: Path, faces: Mapping[str, Glyphs]) -> None:
    import pikepdf

    made = draw(
        tmp_path, faces, Page(1, ops=[picture()]), png(Image.new("RGB", (50, 50), (9, 9, 9)))
    )
    with pikepdf.open(made) as pdf:
        images = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
        ]
        assert [str(i.ColorSpace) for i in images] == ["/DeviceGray"]


def test_a_picture_that_could_not_be_made_is_a_sentence(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    made = draw(tmp_path, faces, Page(1, ops=[picture()]), "Page 1 could not be drawn.")
    assert "couldnotbedrawn" in bare("".join(g.character for g in glyphs_of(made)[0]))


def test_a_long_caption_is_cut_to_its_third_of_the_head(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    target = tmp_path / "x.pdf"
    drawing = Drawing(target, PAPER, faces, ("Long name " * 30, "Number " * 30, "SECRET " * 30), "")
    drawing.page(Page(1), 1, lambda _: b"", FOOT)
    drawing.save()
    page = glyphs_of(target)[0]
    assert min(g.left for g in page) >= 71
    assert max(g.right for g in page) <= 541


def line_of(faces: Mapping[str, Glyphs], text: str, x: float = 100, y: float = 500) -> Text:
    return Text(x, y, 40, "#000000", faces["serif"].measure(text).runs)


def test_shaped_letters_are_seen_and_their_text_is_read(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    made = draw(tmp_path, faces, Page(1, ops=[line_of(faces, "שלום 12 हिन्दी")], bare=True))
    read = bare("".join(g.character for g in glyphs_of(made)[0]))
    assert all(word in read for word in ("שלום", "12", "हिन्दी"))
    assert len(read) == len("שלום12हिन्दी")
    ink = pixels(made).convert("L").point(lambda v: 255 * (v < 128)).getbbox()
    width = faces["serif"].width("שלום 12 हिन्दी", 40)
    assert ink is not None
    assert 98 <= ink[0] <= 104
    assert abs(ink[2] - (100 + width)) < 6


def test_the_unseen_text_leaves_no_trace_and_what_follows_is_seen(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    letters = draw(tmp_path, faces, Page(1, ops=[line_of(faces, "שלום")], bare=True))
    outline = pixels(letters).convert("L").crop((90, 240, 300, 310))
    blank = faces["serif"].measure("שלום").runs[0]
    assert isinstance(blank, Placed)
    without = Text(100, 500, 40, "#000000", (replace(blank, outlines=()),))
    unseen = draw(tmp_path, faces, Page(1, ops=[without], bare=True))
    assert outline.getextrema()[0] == 0
    assert pixels(unseen).convert("L").getextrema() == (255, 255)
    after = Page(1, ops=[without, line_of(faces, "abc")], bare=True)
    assert pixels(draw(tmp_path, faces, after)).convert("L").getextrema()[0] == 0


def test_a_hidden_text_may_be_in_any_script(tmp_path: Path, faces: Mapping[str, Glyphs]) -> None:
    page = Page(1, ops=[picture("חוזה מוסתר\nहिन्दी")])
    made = draw(tmp_path, faces, page, png(Image.new("RGB", (600, 700), "white")))
    read = bare("".join(g.character for g in glyphs_of(made)[0]))
    assert "מוסתר" in read
    assert "हिन्दी" in read
    assert pixels(made).convert("L").crop((90, 140, 500, 600)).getextrema() == (255, 255)


def test_equal_pages_have_equal_bytes_whatever_was_drawn_before(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    ops = [line_of(faces, "a שלום हि e\u0301 سلام")]
    first = draw(tmp_path, faces, Page(1, ops=ops)).read_bytes()
    draw(tmp_path, faces, Page(1, ops=[line_of(faces, "עברית أخرى ไทย")]))
    assert draw(tmp_path, faces, Page(1, ops=ops)).read_bytes() == first


def test_a_letter_is_stored_once_and_names_no_font(
    tmp_path: Path, faces: Mapping[str, Glyphs]
) -> None:
    import pikepdf

    made = draw(tmp_path, faces, Page(1, ops=[line_of(faces, "שששש"), line_of(faces, "ש", y=400)]))
    with pikepdf.open(made) as pdf:
        forms = [
            o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"
        ]
        assert len(forms) == 1
        assert "/Font" not in forms[0].Resources  # else readers load all fonts for each letter
