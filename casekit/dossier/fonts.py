"""Static fonts for paper, made once from the variable ones in the font packages, and registered.

ReportLab needs static TrueType files. Each is cut to the characters wanted, freed of layout tables,
fixed at a stated weight and given names of its own (instances of one variable font otherwise share a
PostScript name, and bold is drawn as regular). Fonts of scripts whose letters change with their neighbours
stay whole, with the tables that say how. They lie under the cache folder and can be deleted.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont as FontFile
from fontTools.varLib import instancer
from reportlab import __version__ as reportlab_version
from reportlab.pdfbase import pdfmetrics, ttfonts

from casekit import paths
from casekit.errors import CaseKitError
from casekit.progress import Progress

_LAYOUT = {"GSUB", "GPOS", "GDEF", "BASE", "MATH", "STAT", "DSIG", "feat", "morx", "kern"}
RECIPE = 1  # raise it when the way of making a font changes
REPORTLAB = "5.1.0"  # the version whose ToUnicode fault is mended below

WESTERN = "justmytype_western_core"
CJK = "justmytype_intl_cjk"
NOTO = "manimgx_fonts"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a face comes from: package, file in it, the axes' fixed values, a feature folded in.

    A `whole` one keeps all its glyphs and the tables for shaping them.
    """

    package: str
    file: str
    axes: Mapping[str, float] = field(default_factory=dict)
    fold: str = ""
    whole: bool = False


MAIN: dict[str, Source] = {
    "serif": Source(
        WESTERN, "ofl/sourceserif4/SourceSerif4[opsz,wght].ttf", {"wght": 400, "opsz": 10.5}
    ),
    "serif-bold": Source(
        WESTERN, "ofl/sourceserif4/SourceSerif4[opsz,wght].ttf", {"wght": 600, "opsz": 18}
    ),
    "sans": Source(
        WESTERN, "ofl/inter/Inter[opsz,wght].ttf", {"wght": 400, "opsz": 14}, fold="tnum"
    ),
    "sans-bold": Source(
        WESTERN, "ofl/inter/Inter[opsz,wght].ttf", {"wght": 600, "opsz": 14}, fold="tnum"
    ),
    "mono": Source(WESTERN, "ofl/jetbrainsmono/JetBrainsMono[wght].ttf", {"wght": 400}),
}
OTHERS: dict[str, Source] = {
    "noto": Source(WESTERN, "ofl/notosans/NotoSans[wdth,wght].ttf", {"wght": 400, "wdth": 100}),
    "symbols": Source(WESTERN, "ofl/notosanssymbols2/NotoSansSymbols2-Regular.ttf"),
    "maths": Source(WESTERN, "ofl/stixtwomath/STIXTwoMath-Regular.ttf"),
    "emoji": Source(NOTO, "NotoEmoji[wght].ttf", {"wght": 400}),
    "armenian": Source(NOTO, "NotoSansArmenian[wght].ttf", {"wght": 400}),
    "georgian": Source(NOTO, "NotoSansGeorgian[wght].ttf", {"wght": 400}),
    "ethiopic": Source(NOTO, "NotoSansEthiopic[wght].ttf", {"wght": 400}),
    "chinese": Source(CJK, "ofl/notosanssc/NotoSansSC[wght].ttf", {"wght": 400}),
    "korean": Source(CJK, "ofl/notosanskr/NotoSansKR[wght].ttf", {"wght": 400}),
    "traditional": Source(CJK, "ofl/notosanstc/NotoSansTC[wght].ttf", {"wght": 400}),
}
_BLOCKS = {
    "Hebrew": "\u0591-\u05ff\ufb1d-\ufb4f",
    "Arabic": "\u0606-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Devanagari": "\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff",
    "Bengali": "\u0980-\u09ff",
    "Gurmukhi": "\u0a00-\u0a7f",
    "Gujarati": "\u0a80-\u0aff",
    "Oriya": "\u0b00-\u0b7f",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Kannada": "\u0c80-\u0cff",
    "Malayalam": "\u0d00-\u0d7f",
    "Sinhala": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Lao": "\u0e80-\u0eff",
    "Myanmar": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "Khmer": "\u1780-\u17ff\u19e0-\u19ff",
}
SCRIPTS: dict[str, Source] = {
    name.lower(): Source(NOTO, f"NotoSans{name}[wght].ttf", {"wght": 400}, whole=True)
    for name in _BLOCKS
}
SHAPED = "".join(
    _BLOCKS.values()
)  # as in a regular expression: what these scripts are written with
_SCRIPT = re.compile("|".join(f"(?P<{n.lower()}>[{b}])" for n, b in _BLOCKS.items()))
UNSEEN = "H"
_UNSEEN_FROM = 0xF0000  # private characters that stand, unseen, for those of plane 0


@dataclass(frozen=True, slots=True)
class Face:
    """One registered font: ReportLab's name for it, advance widths for a size of one point, its file."""

    key: str
    name: str
    widths: Mapping[str, float] = field(repr=False)
    path: Path


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The faces of one dossier: the five of the house, and those that other scripts called for."""

    main: Mapping[str, Face]
    others: tuple[Face, ...]


def prepare(characters: Iterable[str], progress: Progress) -> Typefaces:
    """Make, cache and register the fonts that these characters need.

    Args:
        characters: Every character that will be drawn.
        progress: Told each font; the first time takes some seconds, later ones none.

    Raises:
        CaseKitError: A font package is missing.
    """
    mend_to_unicode()
    wanted = {c for c in characters if ord(c) > 0x7F}
    missing = {c for c in wanted if any(ord(c) not in covered(key) for key in MAIN)}
    needed: dict[str, set[str] | None] = {}
    for c in sorted(missing):
        key = script_of(c)
        if key and ord(c) in covered(key):
            needed[key] = None
            missing.discard(c)
    for key in OTHERS:
        found = {c for c in missing if ord(c) in covered(key)}
        if found:
            needed[key] = found
            missing -= found
    total = len(MAIN) + len(needed)
    main = {}
    for done, (key, source) in enumerate(MAIN.items()):
        progress.step(done, total, f"font {key}")
        main[key] = _register(key, _made(key, source, None))
    others = []
    for done, (key, chars) in enumerate(needed.items(), len(MAIN)):
        progress.step(done, total, f"font {key}")
        others.append(_register(key, _made(key, _source(key), chars)))
    progress.step(total, total, "fonts")
    return Typefaces(main, tuple(others))


@cache
def covered(key: str) -> frozenset[int]:
    """The code points that a face has, empty if its package is not installed."""
    path = _source_path(_source(key))
    if path is None:
        return frozenset()
    with FontFile(path, lazy=True) as font:
        codes = frozenset(font.getBestCmap())
    return frozenset(c for c in codes if c < 0x3000) if key in MAIN else codes


@cache
def script_of(character: str) -> str:
    """The key of the face for a script that must be shaped, or nothing."""
    found = _SCRIPT.match(character)
    return (found.lastgroup or "") if found else ""


def unseen(face: Face, text: str) -> str:
    """A text of plane 0 for setting unseen over letters that are drawn as shapes.

    All its characters have one glyph, of ordinary size (blank ones are passed over by some readers); a
    reader's machine takes each for the character it stands for, so that it can be searched and copied.
    """
    font: Any = getattr(pdfmetrics.getFont(face.name), "face")  # noqa: B009 - not in its stub
    glyph = ord(UNSEEN)
    codes = [_UNSEEN_FROM + ord(c) for c in text]
    for code in codes:
        font.charToGlyph.setdefault(code, font.charToGlyph[glyph])
        font.charWidths.setdefault(code, font.charWidths[glyph])
    return "".join(map(chr, codes))


def mend_to_unicode() -> None:
    """Mend ReportLab's ToUnicode map, which writes U+1F600 as the five digits of another character.

    Raises:
        CaseKitError: Another ReportLab than the one this mend was tried with.
    """
    if reportlab_version != REPORTLAB:
        raise CaseKitError(
            "ReportLab {found} is installed, but the dossier was tried with {wanted}: install that.",
            found=reportlab_version,
            wanted=REPORTLAB,
        )
    setattr(ttfonts, "makeToUnicodeCMap", to_unicode_map)  # noqa: B010 - its stub names the arguments


def mend_advances(face: Any) -> None:
    """Mend the advances of a font's last glyphs, which ReportLab keeps in thousandths instead of font units.

    Those are the glyphs that share the last advance of the `hmtx` table (OpenType, hmtx). Embedded, their
    widths would not be those of the font dictionary, which ISO 19005-2, 6.2.11.5 forbids.
    """
    full = int.from_bytes(face.get_table("hhea")[34:36], "big")
    shared = face.hmetrics[full - 1][0]
    face.hmetrics[full:] = [(shared, bearing) for _, bearing in face.hmetrics[full:]]


def to_unicode_map(name: str, codes: list[int]) -> str:
    """A ToUnicode CMap (PDF 32000-1, 9.10.3) with UTF-16BE values, for one subset of up to 256 codes.

    Blocks of `beginbfchar` hold at most 100 entries, as the CMap specification (Adobe TN 5014) asks.
    """
    meant = [code - _UNSEEN_FROM if code >= _UNSEEN_FROM else code for code in codes]
    rows = [
        f"<{i:02X}> <{chr(code).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for i, code in enumerate(meant)
    ]
    blocks = []
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    head = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo",
        f"<< /Registry ({name})", f"/Ordering ({name})", "/Supplement 0", ">> def",
        f"/CMapName /{name} def", "/CMapType 2 def", "1 begincodespacerange",
        f"<00> <{len(codes) - 1:02X}>", "endcodespacerange",
    ]  # fmt: skip
    tail = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join([*head, *blocks, *tail])


def _made(key: str, source: Source, characters: set[str] | None) -> Path:
    """The static font's file; made if it is not in the cache."""
    packages = "+".join(
        f"{p}={importlib.metadata.version(p)}" for p in ("fonttools", _distribution(source))
    )
    recipe = f"{RECIPE}|{packages}|{source}|{''.join(sorted(characters or ()))}"
    version = hashlib.sha256(recipe.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    folder = paths.cache_folder() / "fonts" / version
    target = folder / f"{key}.ttf"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{key}.{os.getpid()}.{secrets.token_hex(4)}"
        _cut(source, characters, f"CaseKit{version[:6]}-{key}", temporary)
        temporary.replace(target)
    return target


def _cut(source: Source, characters: set[str] | None, name: str, target: Path) -> None:
    path = _source_path(source)
    if path is None:
        raise CaseKitError(
            "The font package {package} is missing: install CaseKit again.", package=source.package
        )
    font = FontFile(path, recalcTimestamp=False)
    if not source.whole:
        _pare(font, source, characters)
    if "fvar" in font:
        instancer.instantiateVariableFont(font, dict(source.axes), inplace=True)
    for record in font["name"].names:
        if record.nameID in {1, 4, 6, 16}:
            font["name"].setName(
                name, record.nameID, record.platformID, record.platEncID, record.langID
            )
    font.save(target)
    font.close()


def _pare(font: Any, source: Source, characters: set[str] | None) -> None:
    """Take away all glyphs but those wanted, and the tables that place them."""
    if source.fold:
        _fold(font, source.fold)
    for tag in _LAYOUT & set(font.keys()):
        del font[tag]  # unread: taking them apart costs more than all the rest
    options = subset.Options(
        layout_features=[], notdef_outline=True, glyph_names=False, hinting=False, name_IDs=["*"]
    )
    cutter = subset.Subsetter(options)
    if characters is None:
        codes = {code for code in font.getBestCmap() if code < 0x3000}
    else:
        codes = {ord(c) for c in characters}
    cutter.populate(unicodes=codes | {0x20})
    cutter.subset(font)


def _fold(font: Any, feature: str) -> None:
    """Make a feature's single substitutions the default, here tabular figures."""
    gsub = font["GSUB"].table
    lookups = {
        i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == feature
        for i in r.Feature.LookupListIndex
    }  # fmt: skip
    swap: dict[str, str] = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            swap.update(getattr(getattr(table, "ExtSubTable", table), "mapping", {}))
    for table in font["cmap"].tables:
        for digit in map(ord, "0123456789"):
            if table.isUnicode() and digit in table.cmap:
                table.cmap[digit] = swap.get(table.cmap[digit], table.cmap[digit])


def _register(key: str, path: Path) -> Face:
    name = f"{key}-{path.parent.name}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))
    face: Any = getattr(pdfmetrics.getFont(name), "face")  # noqa: B009 - not in its stub
    mend_advances(face)
    widths = {chr(code): width / 1000 for code, width in face.charWidths.items()}
    return Face(key, name, widths, path)


def _source(key: str) -> Source:
    return MAIN.get(key) or OTHERS.get(key) or SCRIPTS[key]


def _source_path(source: Source) -> Path | None:
    spec = importlib.util.find_spec(source.package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    for path in (folder / "fonts" / source.file, folder / source.file):
        if path.is_file():
            return path
    return None


def _distribution(source: Source) -> str:
    return source.package.replace("_", "-")
