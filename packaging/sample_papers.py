"""The papers of the sample matter: a letter as PDF, terms as DOCX, a chart as PNG.

Nothing here is compressed by zlib, so the bytes are the same with every version of it.
"""

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from sample_log import START
from sample_outputs import TEXTS, UTC

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def letter_pdf() -> bytes:
    """Return the letter of 10 February 2026 as a PDF of two pages."""
    style = ParagraphStyle("letter", fontName="Times-Roman", fontSize=11.5, leading=16)
    story: list[Flowable] = []
    for block in (TEXTS / "letter.txt").read_text("utf-8").strip().split("\n\n"):
        text = escape(block).replace("\n", "<br/>")
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
        story += [Paragraph(text, style), Spacer(1, 9)]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=LETTER, leftMargin=80, rightMargin=80, topMargin=72, bottomMargin=72,
        title="Letter of 10 February 2026", author="Aurora Labs, Inc.", invariant=1,
        pageCompression=0,
    )  # fmt: skip

    def footer(canvas: Canvas, _: SimpleDocTemplate) -> None:
        canvas.setFont("Times-Roman", 9)
        canvas.drawCentredString(LETTER[0] / 2, 40, f"Page {canvas.getPageNumber()}")

    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue().replace(
        b"D:20000101000000", b"D:20260210140000"
    )  # invariant=1 writes 2000


def paragraph_xml(line: str) -> str:
    """Return one line of terms.txt as a Word paragraph."""
    style = "Normal"
    for mark, name in (("## ", "Heading1"), ("# ", "Title"), ("(", "Clause")):
        if line.startswith(mark):
            style = name
            line = line.removeprefix(mark) if mark.startswith("#") else line
            break
    text = f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{text}</w:p>'


def style_xml(name: str, size: int, bold: bool, indent: int, before: int) -> str:
    """Return a Word paragraph style; size in half points, distances in twentieths of a point."""
    weight = "<w:b/>" if bold else ""
    default = ' w:default="1"' if name == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:spacing w:before="{before}" w:after="100" w:line="276" w:lineRule="auto"/>'
        f'<w:ind w:left="{indent}" w:hanging="{indent and 360}"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia"/>{weight}'
        f'<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def terms_docx() -> bytes:
    """Return the terms of service as a Word document."""
    lines = (TEXTS / "terms.txt").read_text("utf-8").strip().split("\n")
    page = '<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440"'
    page += ' w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    body = "".join(map(paragraph_xml, lines)) + page
    styles = "".join(
        style_xml(*s)
        for s in (
            ("Normal", 22, False, 0, 0),
            ("Title", 36, True, 0, 0),
            ("Heading1", 24, True, 0, 240),
            ("Clause", 22, False, 360, 0),
        )
    )
    override = '<Override PartName="/word/{0}.xml" ContentType="{1}.{2}+xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        + override.format("document", WORD_TYPE, "document.main")
        + override.format("styles", WORD_TYPE, "styles")
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, xml in members.items():
            info = zipfile.ZipInfo(name, (2025, 10, 1, 9, 0, 0))
            info.create_system = 3
            declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            package.writestr(info, declaration + xml)
    return out.getvalue()


def chart_png(requests: Sequence[tuple[float, bool]]) -> bytes:
    """Return a chart of requests a day from (time, is campaign), over the first 28 days."""
    days: Counter[tuple[int, bool]] = Counter()
    for at, campaign in requests:
        days[int((at - START) // 86400), campaign] += 1
    image = Image.new("P", (440, 240), 0)
    image.putpalette([255, 255, 255, 34, 40, 49, 70, 120, 180, 224, 122, 40])
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    font = ImageFont.load_default_imagefont()
    draw.text((12, 8), "Gateway: requests a day, 15 Dec 2025 - 11 Jan 2026", 1, font)
    for x, colour, label in ((12, 2, "all other accounts"), (160, 3, "fourteen accounts")):
        draw.rectangle((x, 28, x + 8, 36), colour)
        draw.text((x + 14, 26), label, 1, font)
    for value in range(0, 161, 40):
        y = 210 - value
        draw.text((12, y - 6), f"{value:3d}", 1, font)
        draw.point([(x, y) for x in range(38, 430, 4)], 1)
    for day in range(28):
        x, marked, other = 40 + day * 14, days[day, True], days[day, False]
        draw.rectangle((x, 210 - other, x + 9, 209), 2)
        draw.rectangle((x, 210 - other - marked, x + 9, 209 - other), 3)
        if day % 7 == 0:
            date = dt.datetime.fromtimestamp(START + day * 86400, UTC)
            draw.text((x, 216), f"{date.day} {date:%b}", 1, font)
    draw.line((38, 210, 430, 210), 1)
    draw.line((377, 44, 377, 210), 1)
    draw.text((381, 44), "aurora-4", 1, font)
    return png(image.resize((880, 480), Image.Resampling.NEAREST))


def png(image: Image.Image) -> bytes:
    """Return a palette image of four colours as a PNG with two bits a pixel, stored."""
    width, height = image.size
    pixels = image.tobytes()
    rows = b"".join(
        b"\0"
        + bytes(
            pixels[i] << 6 | pixels[i + 1] << 4 | pixels[i + 2] << 2 | pixels[i + 3]
            for i in range(y * width, (y + 1) * width, 4)
        )
        for y in range(height)
    )
    blocks = [rows[i : i + 65535] for i in range(0, len(rows), 65535)]
    stream = b"\x78\x01"
    for number, block in enumerate(blocks, 1):
        sizes = struct.pack("<BHH", number == len(blocks), len(block), len(block) ^ 0xFFFF)
        stream += sizes + block
    stream += struct.pack(">I", zlib.adler32(rows))
    palette = bytes(image.getpalette() or [])[:12]
    header = struct.pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", stream), (b"IEND", b"")):
        out += struct.pack(">I", len(data)) + kind + data
        out += struct.pack(">I", zlib.crc32(kind + data))
    return out
