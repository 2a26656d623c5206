"""Laid-out pages drawn with ReportLab: head, foot and what stands between, and nothing decided here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFResourceDictionary
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from casekit.dossier.behind import Spot, letters, unseen_words
from casekit.dossier.boxes import BLACK, Painted, paints, shown_spots
from casekit.dossier.chart_marks import draw_mark
from casekit.dossier.filling import Filling, Passage
from casekit.dossier.flow import (
    GREY,
    HAIR,
    HOT,
    INK,
    Box,
    Cells,
    Page,
    Paper,
    Picture,
    Rule,
    Shape,
    Text,
    Turned,
)
from casekit.dossier.fonts import UNSEEN, unseen
from casekit.dossier.glyphs import Glyphs, Piece
from casekit.dossier.lines import break_lines
from casekit.dossier.pieces import Placed
from casekit.dossier.sheet import UNMARKED, PageBox
from casekit.dossier.tags import Marks, Tag, spoken
from casekit.queries.boxes import WHOLE, Rect

# To spell streams in letters, which `assemble` undoes, would take a third more time.
rl_config.useA85 = 0

PagePicture = Callable[[Picture], "bytes | str"]
"""Gives the PNG of a page, or the sentence that is printed where it could not be made."""

_SMALLEST_LABEL = 3.5  # points
TINT = "#DADADA"
"""Under words that the other copy withholds: seen on any printer, and read through."""

PageSpots = Callable[[Picture], Sequence[Spot]]
"""Gives the words of a page with their places, none where they are not known."""


class Drawing:
    """One PDF being drawn: the pages of some chapters."""

    def __init__(
        self,
        target: Path | io.BytesIO,
        paper: Paper,
        faces: Any,
        head: tuple[str, str, str],
        draft: str,
        filling: Filling | None = None,
    ) -> None:
        first = faces["sans"].main.name
        self._canvas = Canvas(
            str(target) if isinstance(target, Path) else target,
            pagesize=(paper.width, paper.height), invariant=1, pageCompression=1,
            initialFontName=first, initialFontSize=8, pdfVersion=(1, 7),
        )  # fmt: skip
        self._paper = paper
        self._faces: dict[str, Glyphs] = dict(faces)
        self._head = head
        self._draft = draft
        self._filling = filling
        self._marks: Marks | None = None
        self.painted: list[Painted] = []

    def page(
        self, page: Page, total: int | str, picture: PagePicture, words: str,
        spots: PageSpots = lambda _: (),
    ) -> None:  # fmt: skip
        """Draw one page.

        Args:
            page: What stands on it.
            total: Pages of the dossier, or a sign where they are not known.
            picture: Fetches pictures.
            words: How a foot says it: `Page {page} of {total}|{chapter} · page {part} of {parts}`.
            spots: Tells where the words of a picture stand.
        """
        canvas = self._canvas
        self._marks = Marks(canvas, page.no) if page.root is not None else None
        tags = page.tags or repeat(None)
        for at, (op, tag) in enumerate(zip(page.ops, tags)):  # noqa: B905 - without tags, none end
            if self._marks:
                self._marks.begin(tag)
            match op:
                case Text():
                    apart = tag is not None and at not in page.cuts
                    self._text(op.x, op.y, op.size, op.colour, op.runs, apart=apart)
                case Rule():
                    self._rule(op)
                case Box():
                    canvas.setStrokeColor(HexColor(op.colour))
                    canvas.setLineWidth(op.weight)
                    canvas.rect(op.x, op.y, op.width, op.height, stroke=1, fill=0)
                case Shape() | Cells() | Turned():
                    self._chart(op, tag)
                case Picture():
                    op, opened = self._filling.picture(op) if self._filling else (op, ())
                    found = spots(op) if op.text.strip() else ()
                    self._picture(page.no, op, picture(op), found, tag, opened)
        if self._marks:
            self._marks.running()
        if not page.bare:
            self._running(page, total, words)
        if self._filling:
            middle, y = (self._paper.left + self._paper.width - self._paper.right) / 2, 25
            mark = self._fit(self._filling.mark, self._paper.width - 2 * self._paper.left)
            self._words(middle, self._paper.height - y, mark, "centre", INK, "sans-bold")
        if self._marks:
            self._marks.end()
        canvas.showPage()

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()

    def _running(self, page: Page, total: int | str, words: str) -> None:
        paper = self._paper
        left, right = paper.left, paper.width - paper.right
        y = paper.height - 43
        third = (right - left) / 3 - 8
        marked = page.designation or self._head[2]
        marked = "" if marked == UNMARKED else marked
        whole = (
            self._fit(marked, third) == marked
        )  # a designation is never cut: a long one has its own line
        own = (*self._head[:2], marked if whole else "")
        short, number, designation = (self._fit(t, third) for t in own)
        self._words(left, y, short, "left")
        self._words((left + right) / 2, y, number, "centre")
        width = self._words(right, y, designation, "right")
        if self._draft:
            gap = 8 if designation else 0
            self._words(right - width - gap, y, self._draft, "right", HOT, "sans-bold")
        self._rule(Rule(left, y - 9, right, y - 9))
        mark = " · ".join(text for text in ("" if whole else marked, page.mark) if text)
        if mark:
            shown = self._fit(mark, right - left)
            self._words((left + right) / 2, y - 19, shown, "centre", HOT, "sans-bold")
        self._rule(Rule(left, 56, right, 56))
        foot, part = words.split("|")
        self._words(left, 44, foot.format(page=page.no, total=total), "left")
        if page.chapter:
            text = part.format(chapter=page.chapter, part=page.part, parts=page.parts)
            self._words((left + right) / 2, 44, text, "centre")
        self._words(right, 44, page.bates, "right", face="mono")

    def _words(
        self, x: float, y: float, text: str, align: str, colour: str = GREY, face: str = "sans"
    ) -> float:
        if not text:
            return 0.0
        measured = self._faces[face].measure(text)
        width = measured.width * 7.5
        shift = {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._text(x - shift, y, 7.5, colour, measured.runs)
        return width

    def _fit(self, text: str, width: float) -> str:
        """A head's text cut to its third of the line; what is cut stands whole on the cover."""
        glyphs = self._faces["sans"]
        if glyphs.width(text, 7.5) <= width:
            return text
        while text and glyphs.width(text + "…", 7.5) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _text(
        self,
        x: float,
        y: float,
        size: float,
        colour: str,
        runs: tuple[Piece, ...],
        hidden: bool = False,
        apart: bool = False,
    ) -> None:
        """Draw a line's runs; `hidden` to be searched alone; `apart`: with a space for who hears it."""
        if self._filling and self._filling.has_cells(runs):
            for part in self._filling.parted(runs):
                if isinstance(part, Passage):
                    self._passage(x, y, size, part, hidden=hidden)
                else:
                    self._text(x, y, size, colour, part, hidden, apart)
            return
        text = self._canvas.beginText(x, y)
        text.setFillColor(HexColor(colour))
        if hidden:
            text.setTextRenderMode(3)
        for run in runs:
            if isinstance(run, Placed):
                # Text from right to left is put in order by readers themselves, who would turn it twice.
                said = self._marks is not None and run.shaped and not run.rtl
                if said:
                    _literal(text, spoken(run.text))
                self._placed(text, (x, y, size), run, hidden)
                if said:
                    _literal(text, "EMC")
                continue
            font, shown = run
            text.setFont(font, size)
            text.textOut(shown)
        if apart and not any(isinstance(run, Placed) and run.rtl for run in runs):
            end = max((run.x + run.width for run in runs if isinstance(run, Placed)), default=None)
            if end is not None:
                text.setTextOrigin(x + end * size, y)
            text.setFont(self._faces["sans"].main.name, size)
            text.textOut(" ")
        if not hidden:
            self._outlines(x, y, size, colour, runs)
        self._canvas.drawText(text)

    def _passage(self, x: float, y: float, size: float, one: Passage, *, hidden: bool) -> None:
        """Words in the cells of a passage, framed, and on a tint where they are those withheld."""
        assert self._filling is not None
        left, width, pad = x + one.x * size, one.width * size, 0.2 * size
        if not hidden:
            shown = self._filling.kind == "sealed"
            self._canvas.setStrokeColor(HexColor(INK))
            self._canvas.setFillColor(HexColor(TINT if shown else "#FFFFFF"))
            self._canvas.setLineWidth(0.5)
            self._canvas.rect(left + 0.5, y - 0.25 * size, width - 1, 1.14 * size, stroke=1, fill=1)
        words = one.text.rstrip()
        if words:
            measured = self._filling.faces[one.face].measure(words)
            fits = min(1.0, (width - 2 * pad) / max(measured.width * size, 1e-6))
            self._text(left + pad, y, size * fits, INK, measured.runs, hidden, apart=True)

    def _placed(
        self, text: PDFTextObject, at: tuple[float, float, float], piece: Placed, hidden: bool
    ) -> None:
        """A piece's text at its own place; unseen, and as wide as its outlines, if it has some."""
        x, y, size = at
        text.setTextOrigin(x + piece.x * size, y)
        if not piece.shaped:
            text.setFont(piece.font, size)
            text.textOut(piece.text)
            return
        sans = self._faces["sans"].main
        text.setFont(sans.name, size)
        text.setTextRenderMode(3)
        text.setHorizScale(100 * piece.width / (sans.widths[UNSEEN] * len(piece.text)))
        text.textOut(unseen(sans, piece.text))
        text.setHorizScale(100)
        text.setTextRenderMode(3 if hidden else 0)

    def _outlines(
        self, x: float, y: float, size: float, colour: str, runs: tuple[Piece, ...]
    ) -> None:
        outlines = [(run.x, o) for run in runs if isinstance(run, Placed) for o in run.outlines]
        if not outlines:
            return
        canvas = self._canvas
        canvas.saveState()
        canvas.setFillColor(HexColor(colour))
        for left, outline in outlines:
            letter, scale = outline.letter, size * outline.scale
            if not canvas.hasForm(letter.name):
                canvas.beginForm(letter.name, *letter.box)
                canvas.addLiteral(f"{letter.path} f")
                canvas.endForm(Resources=PDFResourceDictionary())  # else it would name every font
            at = f"{x + (left + outline.x) * size:.3f} {y + outline.y * size:.3f}"
            canvas.addLiteral(f"q {scale:.6f} 0 0 {scale:.6f} {at} cm")
            canvas.doForm(letter.name)
            canvas.addLiteral("Q")
        canvas.restoreState()

    def _rule(self, rule: Rule) -> None:
        self._canvas.setStrokeColor(HexColor(rule.colour))
        self._canvas.setLineWidth(rule.weight)
        self._canvas.line(rule.x0, rule.y0, rule.x1, rule.y1)

    def _chart(self, op: Shape | Cells | Turned, tag: Tag | None) -> None:
        if not isinstance(op, Turned):
            draw_mark(self._canvas, op)
            return
        self._canvas.saveState()
        self._canvas.translate(op.x, op.y)
        self._canvas.rotate(90)
        self._text(0, 0, op.size, op.colour, op.runs, apart=tag is not None)
        self._canvas.restoreState()

    def _picture(
        self, no: int, op: Picture, found: bytes | str, spots: Sequence[Spot], tag: Tag | None,
        opened: Sequence[PageBox] = (),
    ) -> None:  # fmt: skip
        if isinstance(found, str):
            self._begin(tag, 1)
            y = op.y + op.height
            for line in break_lines(found, self._faces["sans"], 9, op.width):
                y -= 13
                self._text(op.x, y, 9, INK, line.runs)
            return
        image = _plain(Image.open(io.BytesIO(found)))
        width, height = image.size
        scale = min(op.width / width, op.height / height, 72 / min(op.dpi, 96))
        w, h = width * scale, height * scale
        x, y = op.x + (op.width - w) / 2, op.y + op.height - h
        self._begin(tag, 0)
        self._canvas.drawImage(ImageReader(image), x, y, w, h)
        self._canvas.setStrokeColor(HexColor(HAIR))
        self._canvas.setLineWidth(0.5)
        self._canvas.rect(x, y, w, h, stroke=1, fill=0)
        self._opened(opened, (x, y, w, h))
        if op.boxes:
            self._labels(no, op, (x, y, w, h))
            spots = shown_spots(spots, op.boxes)
            if letters("".join(spot.text for spot in spots)) != letters(op.text):
                return  # spread over the picture, its text would stand on the boxes
        if op.text.strip():
            self._begin(tag, 1)
            self._hidden(op.text, spots, (x, y, w, h))

    def _labels(self, no: int, op: Picture, box: tuple[float, float, float, float]) -> None:
        """Why, on the paint of each box that has room for it; once for all that lies round what is kept."""
        x, y, w, h = box
        known = set()
        where = f"{op.name}, page {op.page}" if op.name else f"page {op.page}"
        for rect, colour, one in paints(op.boxes):
            left, right = x + w * rect.left / WHOLE, x + w * rect.right / WHOLE
            top, foot = y + h * (1 - rect.top / WHOLE), y + h * (1 - rect.bottom / WHOLE)
            set_ = None
            if not (one.kind == "keep" and one.label in known):
                tint = "#FFFFFF" if colour == BLACK else INK
                set_ = self._label(one.label, tint, (left, foot, right, top))
            if set_ is not None:
                known.add(one.label)
            area = self._share(left, top, right, foot)
            self.painted.append(Painted(no, where, area, colour, set_, one.label if set_ else ""))

    def _opened(self, boxes: Sequence[PageBox], picture: tuple[float, float, float, float]) -> None:
        """Outline boxes that are painted over in the other copy, with why beside the picture."""
        x, y, w, h = picture
        glyphs = self._faces["sans"]
        free = y + h
        canvas = self._canvas
        for box in sorted(boxes, key=lambda one: (one.top, one.left)):
            top, foot = y + h * (1 - box.top / WHOLE), y + h * (1 - box.bottom / WHOLE)
            left, right = x + w * box.left / WHOLE, x + w * box.right / WHOLE
            canvas.setStrokeColor(HexColor(INK))
            canvas.setLineWidth(1.2)
            canvas.rect(left, foot, right - left, top - foot, stroke=1, fill=0)
            long = glyphs.width(box.label, 5)
            begin = min(free, (top + foot + long) / 2)
            free = begin - long - 4
            canvas.saveState()
            canvas.translate(x + w + 7, max(begin - long, 58))
            canvas.rotate(90)
            self._text(0, 0, 5, INK, glyphs.measure(box.label).runs)
            canvas.restoreState()

    def _label(self, text: str, tint: str, box: tuple[float, float, float, float]) -> Rect | None:
        """Set a text in a box, upwards where that is the longer way; gives where it was set, if it fits."""
        left, foot, right, top = box
        glyphs = self._faces["sans"]
        upwards = top - foot > 2 * (right - left)
        long, short = (top - foot, right - left) if upwards else (right - left, top - foot)
        size = min(8.0, 0.8 * short, 0.92 * long / glyphs.width(text, 1))
        if size < _SMALLEST_LABEL:
            return None
        half, middle = glyphs.width(text, size) / 2, ((left + right) / 2, (top + foot) / 2)
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(*middle)
        canvas.rotate(90 if upwards else 0)
        self._text(-half, -0.35 * size, size, tint, glyphs.measure(text).runs)
        canvas.restoreState()
        across, down = (size, half) if upwards else (half, size)
        return self._share(
            middle[0] - across, middle[1] + down, middle[0] + across, middle[1] - down
        )

    def _share(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """A rectangle in points from the foot as one in millionths of the page from its top."""
        wide, high = self._paper.width / WHOLE, self._paper.height / WHOLE
        height = self._paper.height
        return Rect(
            round(left / wide), round((height - top) / high),
            round(right / wide), round((height - bottom) / high),
        )  # fmt: skip

    def _begin(self, tag: Tag | None, number: int) -> None:
        """A picture's element holds the figure and, behind it, its text."""
        if self._marks and tag is not None:
            self._marks.begin(tag.inside[number])

    def _hidden(
        self, text: str, spots: Sequence[Spot], box: tuple[float, float, float, float]
    ) -> None:
        """The page's text, invisible, so that it can be searched and copied.

        Text state survives the end of a text object: without saving and restoring it, all that is drawn
        afterwards on the page would be invisible too.
        """
        self._canvas.saveState()
        for each in unseen_words(text, spots, self._faces["sans"], box):
            self._text(each.x, each.y, each.size, INK, each.measured.runs, hidden=True)
        self._canvas.restoreState()


def _literal(text: PDFTextObject, operator: str) -> None:
    code: list[str] = getattr(text, "_code")  # noqa: B009 - not in its stub
    code.append(operator)


def _plain(image: Image.Image) -> Image.Image:
    """On white without transparency, in grey where no pixel has a colour: a quarter of the bytes."""
    if image.mode in {"RGBA", "LA", "P", "PA"}:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, "white")
        image.paste(rgba, mask=rgba.getchannel("A"))
    image = image.convert("RGB") if image.mode not in {"L", "1"} else image.convert("L")
    if image.mode == "RGB":
        red, green, blue = image.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            return red
    return image
