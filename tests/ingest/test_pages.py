from __future__ import annotations

import io
import subprocess
import sys
import time

import msgspec
import pikepdf
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from casekit.ingest import pages
from casekit.ingest.pages import Answer, PageRequest, clean_html, page_pixels, page_words
from tests.ingest.documents import pdf, picture


def ask(
    function: object, data: bytes, media_type: str = "application/pdf", **values: object
) -> Answer:
    argument = msgspec.msgpack.encode(PageRequest(media_type, **values))  # type: ignore[arg-type]
    return msgspec.msgpack.decode(function(data, argument), type=Answer)  # type: ignore[operator]


def drawn(data: bytes, media_type: str = "image/png", **values: object) -> Image.Image:
    answer = ask(page_pixels, data, media_type, **values)
    assert answer.image is not None
    image = Image.open(io.BytesIO(answer.image.png))
    image.load()
    assert (image.format, image.size) == ("PNG", (answer.image.width, answer.image.height))
    return image


def test_a_pdf_page_is_drawn_at_the_size_asked_for() -> None:
    data = pdf("Hello", "Second")
    assert drawn(data, "application/pdf", dpi=36).size == (306, 396)
    small = drawn(data, "application/pdf", page=2, longest=100)
    assert small.size == (77, 100)
    image = drawn(data, "application/pdf", dpi=72)
    assert (image.mode, image.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    assert image.convert("L").getextrema()[0] < 60
    answer = ask(page_pixels, data, dpi=36)
    assert answer.image is not None
    assert (answer.image.pages, answer.image.dpi) == (2, 36)


def test_a_huge_page_is_drawn_small() -> None:
    data = pdf("x").replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]")
    image = ask(page_pixels, data, dpi=1200).image
    assert image is None or image.width * image.height <= pages.MAX_AREA


@pytest.mark.parametrize(
    ("data", "page", "reason"),
    [(pdf("x"), 2, "no-such-page"), (pdf("x"), 0, "no-such-page"), (b"%PDF-1.4", 1, "damaged")],
)
def test_what_cannot_be_drawn_says_why(data: bytes, page: int, reason: str) -> None:
    for function in (page_pixels, page_words):
        refused = ask(function, data, page=page).refused
        assert refused is not None
        assert refused.reason == reason


def test_words_lie_where_the_picture_shows_them() -> None:
    words = ask(page_words, pdf("Hello wide world")).words
    assert words is not None
    assert (words.width, words.height) == (612, 792)
    assert [word.text for word in words.words] == ["Hello", "wide", "world"]
    first = words.words[0]
    assert 70 < first.left < 76
    assert 70 < first.top < first.bottom < 96  # the baseline stands at 792 - 700
    turned = ask(page_words, pdf("Hello wide world", rotate=90)).words
    assert turned is not None
    assert (turned.width, turned.height) == (792, 612)
    across = turned.words[0]
    assert 696 < across.left < across.right < 724
    assert 70 < across.top < 76


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_drawn(mode: str) -> None:
    assert drawn(picture(mode, (5, 4))).size == (5, 4)


@pytest.mark.parametrize("form", ["JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_other_pictures_are_drawn_too(form: str) -> None:
    assert drawn(picture("RGB", (5, 4), form), f"image/{form.lower()}").size == (5, 4)


def test_cmyk_transparency_and_sixteen_bits_look_as_they_should() -> None:
    cmyk = picture("CMYK", (4, 4), "JPEG")
    assert drawn(cmyk, "image/jpeg").getpixel((1, 1)) == (255, 255, 255)
    assert drawn(picture("RGBA", (4, 4))).getpixel((1, 1)) == (255, 255, 255)
    room = io.BytesIO()
    Image.new("I;16", (2, 2), 32768).save(room, "PNG")
    assert drawn(room.getvalue()).convert("L").getpixel((0, 0)) in (127, 128)


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert drawn(picture("RGB", (40, 20), "JPEG", exif=exif.tobytes()), "image/jpeg").size == (
        20,
        40,
    )


def test_pictures_are_made_smaller_on_request_and_by_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(picture(size=(400, 100)), longest=100).size == (100, 25)
    monkeypatch.setattr(pages, "MAX_AREA", 100)
    assert drawn(picture(size=(20, 20))).size == (10, 10)
    refused = ask(page_pixels, picture()[:40], "image/png").refused
    assert refused is not None
    assert refused.reason == "damaged"


def test_html_is_shown_without_anything_that_acts_or_fetches() -> None:
    evil = (
        '<p onclick="x()" style="background:url(//cdn.example/b)">hi<script>bad()</script>'
        '<a href="javascript:x()">j</a><a href="https://e.example/">k</a>'
        '<img src="https://t.example/p.gif"><img src="cid:pic"><img src="data:image/png;base64,AAAA">'
        '<img src="data:text/html,x"><img src="data:image/svg+xml;base64,AAAA">'
        "<style>@import 'https://c.example/x.css'</style><form action=/x><input name=p></form>"
        "<iframe src=https://i.example/></iframe><svg><script>1</script></svg><base href=//b.example>"
    )
    answer = msgspec.msgpack.decode(clean_html(evil.encode(), b""), type=Answer).html
    assert answer is not None
    assert answer.html == (
        '<p>hi<a rel="noopener noreferrer nofollow">j</a>'
        '<a href="https://e.example/" rel="noopener noreferrer nofollow">k</a>'
        '<img><img src="cid:pic"><img src="data:image/png;base64,AAAA"><img><img></p>'
    )
    assert answer.remote == (
        "https://t.example/p.gif",
        "https://i.example/",
        "//cdn.example/b",
        "https://c.example/x.css",
    )


def test_html_of_tags_in_tags_is_shown_as_text_in_no_time() -> None:
    data = b"<div>" * 50_000 + b"a &lt;b&gt; <img src=http://t.example/x>"
    begin = time.process_time()
    answer = msgspec.msgpack.decode(clean_html(data, b""), type=Answer)
    assert time.process_time() - begin < 3
    assert answer.html is not None
    assert "<" not in answer.html.html
    assert (answer.html.html.count("&lt;"), answer.html.remote) == (1, ("t.example",))


def test_html_in_a_declared_charset() -> None:
    answer = msgspec.msgpack.decode(clean_html("Да".encode("koi8-r"), b"koi8-r"), type=Answer).html
    assert answer is not None
    assert answer.html == "Да"


def test_what_is_filled_into_a_form_is_drawn() -> None:
    document = pikepdf.Pdf.open(io.BytesIO(pdf("Page")))
    look = document.make_stream(b"0 g 0 0 200 40 re f")
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 40]
    field = document.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("name"),
        V=pikepdf.String("Okafor"), Rect=[100, 100, 300, 140], F=4, AP=pikepdf.Dictionary(N=look),
    ))  # fmt: skip
    document.pages[0].Annots = [field]
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
    out = io.BytesIO()
    document.save(out)
    image = drawn(out.getvalue(), "application/pdf", dpi=72)
    assert image.getpixel((200, 792 - 120)) == (0, 0, 0)
    assert image.getpixel((400, 792 - 120)) == (255, 255, 255)


def test_letters_beyond_the_first_plane_come_out_whole() -> None:
    document = pikepdf.Pdf.open(io.BytesIO(pdf("AB")))
    lines = "1 beginbfchar\n<41> <D835DC5D>\nendbfchar"
    span = "1 begincodespacerange\n<00> <FF>\nendcodespacerange"
    cmap = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n{span}\n{lines}\nendcmap end end"
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font":
            each.ToUnicode = document.make_stream(cmap.encode())
    out = io.BytesIO()
    document.save(out)
    answer = ask(page_words, out.getvalue())
    assert answer.words is not None
    assert answer.words.words[0].text.startswith("\U0001d45d")


def test_a_document_asked_for_page_by_page_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    load = pdfium.FPDF_LoadMemDocument64
    monkeypatch.setattr(
        pdfium,
        "FPDF_LoadMemDocument64",
        lambda data, *more: (opened.append(1), load(data, *more))[1],
    )
    one, other = pdf("one", "two", "three"), pdf("another")
    apart = [
        ask(f, bytes(bytearray(one)), page=n) for f in (page_words, page_pixels) for n in (1, 2, 3)
    ]
    assert len(opened) == 6
    together = [ask(f, one, page=n) for f in (page_words, page_pixels) for n in (1, 2, 3)]
    assert (len(opened), together) == (7, apart)
    assert ask(page_pixels, one, page=4).refused is not None
    assert ask(page_words, other).words is not None
    assert ask(page_words, one, page=2).words == apart[1].words
    assert len(opened) == 9
    monkeypatch.setattr(pages, "MOST_KEPT", len(one) - 1)
    large = bytes(bytearray(one))
    assert [ask(page_words, large, page=n).words for n in (1, 2)] == [
        each.words for each in apart[:2]
    ]
    assert (len(opened), pages._Kept.data) == (11, b"")


def test_a_document_that_was_kept_open_does_not_hurt_the_end() -> None:
    program = (
        "from casekit.ingest import pages; from tests.ingest.documents import pdf; import msgspec;"
        "asked = msgspec.msgpack.encode(pages.PageRequest('application/pdf'));"
        "pages.page_words(pdf('one'), asked); pages.page_pixels(pdf('two'), asked)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_of_words_turn_with_their_page(turn: int) -> None:
    upright, turned = (ask(page_words, pdf("Hello wide world", rotate=n)).words for n in (0, turn))
    assert upright is not None
    assert turned is not None
    wide, high = upright.width, upright.height
    for before, after in zip(upright.words, turned.words, strict=True):
        left, top, right, bottom = before.left, before.top, before.right, before.bottom
        expected = {
            90: (high - bottom, left, high - top, right),
            180: (wide - right, high - bottom, wide - left, high - top),
            270: (top, wide - right, bottom, wide - left),
        }[turn]
        found = (after.left, after.top, after.right, after.bottom)
        assert found == pytest.approx(expected, abs=0.03)
        assert after.text == before.text
