from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image

from casekit.dossier.behind import Spot
from casekit.dossier.boxes import (
    BLACK,
    PALE,
    Painted,
    located,
    paint,
    paints,
    refuse_copies,
    told_inside,
    unflat,
)
from casekit.dossier.sheet import PageBox
from casekit.errors import CaseKitError
from casekit.ops.boxes import Kind, NewBox, add_boxes
from casekit.queries.boxes import EVERYTHING, WHOLE, Rect
from casekit.store.case import Case
from tests.builders import file_items, make_item

BOX = PageBox("hide", 250_000, 250_000, 750_000, 500_000, "why")


def png(image: Image.Image, **options: object) -> bytes:
    room = io.BytesIO()
    image.save(room, "PNG", **options)
    return room.getvalue()


def speckled(mode: str = "RGB") -> Image.Image:
    image = Image.effect_noise((200, 100), 80).convert(mode)
    if mode == "RGBA":
        image.putalpha(128)
    return image


def test_pixels_under_a_box_are_gone_and_the_others_stay() -> None:
    before = speckled()
    with Image.open(io.BytesIO(paint(png(before), [BOX]))) as after:
        assert after.size == before.size
        assert after.crop((50, 25, 150, 50)).getcolors(1) == [(100 * 25, BLACK)]
        assert after.crop((0, 0, 200, 24)).tobytes() == before.crop((0, 0, 200, 24)).tobytes()


def test_nothing_travels_with_the_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E] = "zanzibar"
    for mode in ("RGB", "RGBA", "L", "P"):
        made = paint(png(speckled("L").convert(mode), exif=exif, icc_profile=b"zanzibar"), [BOX])
        assert b"zanzibar" not in made
        with Image.open(io.BytesIO(made)) as image:
            assert (image.mode, dict(image.getexif())) == ("RGB", {})


def test_much_of_a_page_is_painted_pale() -> None:
    whole = PageBox("hide", 0, 0, WHOLE, WHOLE, "why")
    keep = replace_kind(BOX)
    assert [colour for _, colour, _ in paints([BOX])] == [BLACK]
    assert {colour for _, colour, _ in (*paints([whole]), *paints([keep]))} == {PALE}


def replace_kind(box: PageBox) -> PageBox:
    return PageBox("keep", box.left, box.top, box.right, box.bottom, box.label)


def test_words_are_found_in_their_page_s_text() -> None:
    spots = [Spot("Ann", 0.1, 0.1, 0.2, 0.2), Spot("Lee", 0.3, 0.1, 0.4, 0.2)]
    found = located(spots, "  A\u00adnn\n Lee ")
    assert [(w.start, w.stop) for w in found] == [(2, 6), (8, 11)]
    assert (found[0].left, found[0].bottom) == (100_000, 200_000)
    assert [(w.start, w.stop) for w in located(spots, "Ann Bee")] == [(-1, -1)] * 2
    odd = located([Spot("x", float("nan"), -3, 2, 0.5)], "x")
    assert (odd[0].left, odd[0].top, odd[0].right) == (0, 0, WHOLE)


def test_an_area_that_shows_something_is_found_and_its_own_words_are_not() -> None:
    page = Image.new("RGB", (400, 400), "white")
    page.paste(BLACK, (100, 100, 300, 200))
    area = Rect(250_000, 250_000, 750_000, 500_000)
    one = Painted(1, "here", area, BLACK, None, "")
    assert list(unflat(png(page), [one])) == []
    assert list(unflat(png(page), [replace(one, paint=PALE)])) == ["here"]
    page.putpixel((200, 150), (1, 0, 0))
    assert list(unflat(png(page), [one])) == ["here"]
    label = Rect(480_000, 360_000, 520_000, 390_000)
    assert list(unflat(png(page), [replace(one, label=label)])) == []
    assert (
        list(unflat(png(page), [replace(one, area=Rect(250_000, 250_000, 251_000, 251_000))])) == []
    )


def test_areas_that_lie_over_each_other_are_judged_each_by_what_is_seen_of_it() -> None:
    low = Painted(1, "low", Rect(100_000, 100_000, 900_000, 900_000), PALE, None, "why not")
    high = Painted(1, "high", Rect(500_000, 500_000, 950_000, 950_000), BLACK, None, "why")
    page = Image.new("RGB", (400, 400), "white")
    page.paste(PALE, (40, 40, 360, 360))
    page.paste(BLACK, (200, 200, 380, 380))
    assert list(unflat(png(page), [low, high])) == []
    for at, where in (((100, 100), "low"), ((300, 300), "high"), ((370, 370), "high")):
        spoilt = page.copy()
        spoilt.putpixel(at, (9, 9, 9))
        assert list(unflat(png(spoilt), [low, high])) == [where]
    label = Spot("not", 0.6, 0.6, 0.65, 0.65)
    assert list(told_inside([label], [low, high])) == []
    assert list(told_inside([label], [high])) == ["high"]
    boxes = [
        PageBox("hide", 400_000, 400_000, 500_000, 500_000, "a"),
        PageBox("hide", 0, 0, WHOLE, WHOLE, "b"),
    ]
    with Image.open(io.BytesIO(paint(png(page), boxes))) as made:
        assert (made.getpixel((180, 180)), made.getpixel((5, 5))) == (BLACK, PALE)


def test_a_word_that_stands_in_an_area_is_found() -> None:
    area = Rect(250_000, 250_000, 750_000, 500_000)
    one = Painted(1, "here", area, BLACK, None, "REDACTED: privacy")
    inside, outside = Spot("zanzibar", 0.4, 0.3, 0.5, 0.35), Spot("public", 0.4, 0.6, 0.5, 0.65)
    own = Spot("privacy", 0.4, 0.3, 0.5, 0.35)
    assert list(told_inside([own, outside], [one])) == []
    assert list(told_inside([own, outside, inside], [one])) == ["here"]


def test_a_copy_must_hide_the_same_place_of_the_same_page(case: Case, tmp_path: Path) -> None:
    scan = {"kind": "document", "media_type": "application/pdf", "pages": 2}
    file_items(
        case, [make_item("scan", **scan), make_item("scan", **scan), make_item("x")], tmp_path
    )  # type: ignore[arg-type]

    def draw(item_id: int, page: int, rect: Rect, kind: Kind = "hide") -> None:
        with case.write() as s:
            add_boxes(s, [NewBox(item_id, page, rect, kind, (), "")], "privacy")

    def refused(*told: int) -> bool:
        with case.read() as s:
            try:
                refuse_copies(s, told)
            except CaseKitError:
                return True
        return False

    small, large = Rect(100_000, 100_000, 300_000, 300_000), Rect(0, 0, 400_000, 400_000)
    assert not refused(1, 2, 3)
    draw(1, 1, small)
    assert [refused(1), refused(2), refused(3), refused(1, 3)] == [False, True, False, False]
    draw(2, 2, EVERYTHING)
    assert refused(2)
    draw(2, 1, large)
    assert [refused(2), refused(1)] == [False, True]  # now the other one shows more
    draw(1, 1, EVERYTHING, "keep")
    draw(1, 2, large, "keep")
    draw(1, 1, EVERYTHING)
    draw(1, 2, EVERYTHING)
    assert [refused(1), refused(2)] == [False, True]
