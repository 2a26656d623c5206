from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from casekit.dossier.chart_marks import draw_mark
from casekit.dossier.flow import Cells, Shape


def drawn(tmp_path: Path, *ops: Shape | Cells) -> bytes:
    path = tmp_path / "marks.pdf"
    canvas = Canvas(str(path), pagesize=(100, 100), invariant=1, pageCompression=0)
    for op in ops:
        draw_mark(canvas, op)
    canvas.showPage()
    canvas.save()
    return path.read_bytes()


def pixels(tmp_path: Path) -> Image.Image:
    import pypdfium2

    return pypdfium2.PdfDocument(tmp_path / "marks.pdf")[0].render().to_pil().convert("L")


def test_neighbours_of_one_shade_are_one_rectangle_unless_columns_stand_apart(
    tmp_path: Path,
) -> None:
    cells = Cells(0, 100, 10, 10, 1, (bytes((1, 1, 2, 0, 1)),), ("#CCCCCC", "#000000"))
    assert drawn(tmp_path, cells).count(b" re f") == 3
    apart = Cells(0, 100, 10, 10, 1, (bytes((1, 1, 2, 0, 1)),), ("#CCCCCC", "#000000"), 1.0)
    assert drawn(tmp_path, apart).count(b" re f") == 4


def test_cells_are_drawn_from_the_top(tmp_path: Path) -> None:
    drawn(tmp_path, Cells(0, 100, 10, 10, 0, (bytes((1, 0)), bytes((0, 1))), ("#000000",)))
    image = pixels(tmp_path)
    assert [image.getpixel(at) for at in ((5, 5), (15, 5), (5, 15), (15, 15))] == [0, 255, 255, 0]


def test_a_dashed_line_leaves_the_next_one_whole(tmp_path: Path) -> None:
    dashed, whole = Shape((0, 50, 100, 50), dash=(2, 2)), Shape((0, 20, 100, 20), weight=2)
    drawn(tmp_path, dashed, whole)
    image = pixels(tmp_path)
    assert all(image.getpixel((x, 79)) < 128 for x in range(2, 98))
