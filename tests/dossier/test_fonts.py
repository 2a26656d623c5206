import os
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics

from casekit import paths
from casekit.dossier import fonts
from casekit.errors import CaseKitError


class Steps:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, done: int, total: int | None, text: str) -> None:
        self.texts.append(text)


def test_only_the_fonts_that_the_characters_need_are_made_beside_the_house_ones() -> None:
    plain = fonts.prepare("Hello, wörld – “quoted”", Steps())
    chinese = fonts.prepare("模型", Steps())
    assert list(plain.main) == ["serif", "serif-bold", "sans", "sans-bold", "mono"]
    assert plain.others == ()
    assert [f.key for f in chinese.others] == ["chinese"]
    assert {"模", "型"} <= set(chinese.others[0].widths)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("שלום", ["hebrew"]), ("سلام ٣", ["arabic"]), ("हिन्दी ।", ["devanagari"]), ("ไทย", ["thai"]),
        ("ქართული Հայ ስም", ["armenian", "georgian", "ethiopic"]), ("ܫ", []), ("é ñ", []),
    ],
)  # fmt: skip
def test_each_script_has_its_face(text: str, keys: list[str]) -> None:
    assert [f.key for f in fonts.prepare(text, Steps()).others] == keys


def test_every_script_that_is_shaped_has_a_font_that_covers_it() -> None:
    assert [key for key in fonts.SCRIPTS if not fonts.covered(key)] == []
    assert [fonts.script_of(c) for c in "שﬡسﻻअকกက中a"] == [
        "hebrew", "hebrew", "arabic", "arabic", "devanagari", "bengali", "thai", "myanmar", "", "",
    ]  # fmt: skip


def test_fonts_of_shaped_scripts_keep_the_tables_for_it() -> None:
    (arabic,) = fonts.prepare("س", Steps()).others
    with TTFont(arabic.path) as font:
        assert {"GSUB", "GPOS", "GDEF"} <= set(font.keys())
        assert "fvar" not in font
    with TTFont(fonts.prepare("x", Steps()).main["serif"].path) as font:
        assert {"GSUB", "GPOS"} & set(font.keys()) == set()


def test_unseen_characters_are_mapped_to_what_they_stand_for() -> None:
    sans = fonts.prepare("x", Steps()).main["sans"]
    codes = [ord(c) for c in fonts.unseen(sans, "ש\u200c")]
    assert "<00> <05E9>\n<01> <200C>" in fonts.to_unicode_map("F", codes)


def test_each_font_tells_its_progress() -> None:
    steps = Steps()
    fonts.prepare("🙂", steps)
    assert steps.texts == [
        "font serif", "font serif-bold", "font sans", "font sans-bold", "font mono", "font emoji", "fonts",
    ]  # fmt: skip


def test_made_fonts_are_static_have_names_of_their_own_and_leave_no_temporary_file() -> None:
    fonts.prepare("x", Steps())
    made = sorted((paths.cache_folder() / "fonts").rglob("*"))
    files = [p for p in made if p.suffix == ".ttf"]
    assert [p for p in made if p.is_file() and f".{os.getpid()}." in p.name] == []
    names = []
    for file in files:
        with TTFont(file) as font:
            assert "fvar" not in font
            names.append(font["name"].getDebugName(6))
    assert len(set(names)) == len(names)


def test_digits_of_the_sans_are_tabular() -> None:
    widths = fonts.prepare("x", Steps()).main["sans"].widths
    assert len({widths[digit] for digit in "0123456789"}) == 1


def test_characters_beyond_the_first_plane_are_mapped_whole() -> None:
    cmap = fonts.to_unicode_map("F", [0x41, 0x1F600])
    assert "<00> <0041>" in cmap
    assert "<01> <D83DDE00>" in cmap


def test_glyphs_that_share_an_advance_keep_it_in_font_units() -> None:
    """As emoji do: ReportLab would embed 1269 thousandths of an em as 1269 of 2048 units."""
    face = next(f for f in fonts.prepare("🙂👍🏽", Steps()).others if f.key == "emoji")
    known = pdfmetrics.getFont(face.name).face
    font = TTFont(paths.cache_folder() / "fonts" / face.name.removeprefix("emoji-") / "emoji.ttf")
    assert font["hhea"].numberOfHMetrics < font["maxp"].numGlyphs
    assert known.hmetrics == [font["hmtx"][name] for name in font.getGlyphOrder()]


def test_a_map_of_a_full_subset_keeps_its_blocks_under_a_hundred() -> None:
    cmap = fonts.to_unicode_map("F", list(range(256)))
    sizes = [int(line.split()[0]) for line in cmap.splitlines() if line.endswith("beginbfchar")]
    assert sizes == [100, 100, 56]


def test_another_reportlab_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "reportlab_version", "9.9")
    with pytest.raises(CaseKitError, match=r"9\.9"):
        fonts.mend_to_unicode()


def test_a_missing_package_covers_nothing_and_cannot_be_made(tmp_path: Path) -> None:
    missing = fonts.Source("no_such_fonts", "x.ttf")
    with pytest.raises(CaseKitError, match="no_such_fonts"):
        fonts._cut(missing, None, "x", tmp_path / "x.ttf")
