"""The lines, areas and cells of charts, drawn on a canvas."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from casekit.dossier.flow import Cells, Shape


def draw_mark(canvas: Canvas, op: Shape | Cells) -> None:
    """Draw one of them; what it sets on the canvas is as it was afterwards, but for colours and width."""
    if isinstance(op, Shape):
        _shape(canvas, op)
    else:
        _cells(canvas, op)


def _shape(canvas: Canvas, shape: Shape) -> None:
    path = canvas.beginPath()
    points = list(zip(shape.points[::2], shape.points[1::2], strict=True))
    path.moveTo(*points[0])
    for x, y in points[1:]:
        path.lineTo(x, y)
    if shape.fill:
        path.close()
        canvas.setFillColor(HexColor(shape.fill))
    if shape.colour:
        canvas.setStrokeColor(HexColor(shape.colour))
        canvas.setLineWidth(shape.weight)
        if shape.dash:
            canvas.setDash(list(shape.dash))
    canvas.drawPath(path, stroke=int(bool(shape.colour)), fill=int(bool(shape.fill)))
    if shape.dash:
        canvas.setDash()


def _cells(canvas: Canvas, cells: Cells) -> None:
    """Neighbours of one shade are one rectangle, so that no hair of white is between them.

    Where columns stand apart, each cell is one.
    """
    for shade, colour in enumerate(cells.shades, 1):
        canvas.setFillColor(HexColor(colour))
        for number, row in enumerate(cells.rows):
            foot = cells.top - (number + 1) * cells.height + cells.gap
            at = row.find(shade)
            while at >= 0:
                stop = at + 1
                while not cells.apart and stop < len(row) and row[stop] == shade:
                    stop += 1
                wide = (stop - at) * cells.width - cells.apart
                left = cells.x + at * cells.width
                canvas.rect(left, foot, wide, cells.height - cells.gap, stroke=0, fill=1)
                at = row.find(shade, stop)
