"""A list as a Word document: the few parts that it needs, written out, and nothing of anybody's template.

Source: ECMA-376 part 1 (WordprocessingML), in the order of elements that its schema demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from casekit.clock import from_us
from casekit.dossier.companion import Companion, visible
from casekit.dossier.packed import pack

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SIZES = {"letter": (12240, 15840), "a4": (11906, 16838)}  # twentieths of a point
_MARGIN = 1134
_LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
_STYLES = (
    ("Normal", "Normal", "", 20, False, "before=0 after=80"),
    ("Heading1", "heading 1", "<w:keepNext/>", 26, True, "before=240 after=160"),
    ("Court", "Court", "", 22, True, "before=0 after=40"),
    ("Caption1", "Caption side", "", 22, False, "before=0 after=60"),
    ("TableText", "Table text", "", 17, False, "before=30 after=30"),
    ("TableHead", "Table head", "<w:keepNext/>", 16, True, "before=40 after=40"),
    ("Small", "Small print", "", 16, False, "before=120 after=0"),
    ("Header", "header", "", 16, False, "before=0 after=0"),
    ("Footer", "footer", "", 16, False, "before=0 after=0"),
)


def write_word(made: Companion, path: Path) -> None:
    """Write a list as DOCX; equal lists give equal bytes."""
    pack(path, {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations((
            (f"{_R}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        )),
        "docProps/core.xml": _properties(made),
        "word/document.xml": _document(made),
        "word/_rels/document.xml.rels": _relations((
            (f"{_R}/styles", "styles.xml"), (f"{_R}/settings", "settings.xml"),
            (f"{_R}/header", "header1.xml"), (f"{_R}/footer", "footer1.xml"),
        )),
        "word/styles.xml": _styles(made.language),
        "word/settings.xml": f'{_HEAD}<w:settings xmlns:w="{_W}"><w:defaultTabStop w:val="720"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "word/header1.xml": _header(made),
        "word/footer1.xml": _footer(made),
    })  # fmt: skip


def _types() -> str:
    parts = (
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("/word/document.xml", f"{_WORD}.document.main+xml"), ("/word/styles.xml", f"{_WORD}.styles+xml"),
        ("/word/settings.xml", f"{_WORD}.settings+xml"), ("/word/header1.xml", f"{_WORD}.header+xml"),
        ("/word/footer1.xml", f"{_WORD}.footer+xml"),
    )  # fmt: skip
    listed = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _properties(made: Companion) -> str:
    at = f"{from_us(made.at_us):%Y-%m-%dT%H:%M:%SZ}"
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(visible(made.title))}</dc:title>{dates}</cp:coreProperties>"
    )


def _styles(language: str) -> str:
    faces = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    made = []
    for name, shown, paragraph, size, bold, spacing in _STYLES:
        before, after = (part.partition("=")[2] for part in spacing.split())
        kind = '<w:style w:type="paragraph" ' + ('w:default="1" ' if name == "Normal" else "")
        based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
        level = '<w:outlineLvl w:val="0"/>' if name == "Heading1" else ""
        middle = '<w:jc w:val="center"/>' if name in ("Heading1", "Court") else ""
        made.append(
            f'{kind}w:styleId="{name}"><w:name w:val="{shown}"/>{based}<w:qFormat/><w:pPr>{paragraph}'
            f'<w:spacing w:before="{before}" w:after="{after}"/>{middle}{level}</w:pPr><w:rPr>'
            f'{"<w:b/><w:bCs/>" if bold else ""}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            "</w:style>"
        )
    return (
        f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{faces}'
        f"<w:lang w:val={quoteattr(language)}/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{''.join(made)}</w:styles>"
    )


def _document(made: Companion) -> str:
    width, height = _SIZES[made.paper]
    turned = ' w:orient="landscape"' if made.landscape else ""
    if made.landscape:
        width, height = height, width
    inside = width - 2 * _MARGIN
    body = [
        *_caption(made, inside),
        _paragraph(made.title, "Heading1"),
        *(_paragraph(text) for text in made.before),
        _table(made, inside),
        *(_paragraph(text, "Small") for text in (*made.after, made.state)),
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
        '<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{_MARGIN + 250}" w:right="{_MARGIN}" w:bottom="{_MARGIN + 100}" w:left="{_MARGIN}" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>',
    ]
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(body)}</w:body></w:document>'


def _caption(made: Companion, inside: int) -> list[str]:
    """Court, parties left of a line, number and judge right of it."""
    cover = made.cover
    left = [
        _paragraph(text, "Caption1", bold=bold, indent=indent)
        for n, side in enumerate((cover.above, cover.below))
        for text, bold, indent in [
            *([(cover.versus, False, 360)] if n and side else []),
            *(
                (text, first, 0 if first else 720)
                for name, standing in side
                for text, first in ((name, True), (standing, False))
                if text
            ),
        ]
    ]
    right = [
        _paragraph(text, "Caption1", indent=280) for text in (cover.number, cover.judge) if text
    ]
    half = inside * 56 // 100
    lines = _LINE.format(side="bottom", size=6, colour="1D2126") + _LINE.format(
        side="right", size=6, colour="1D2126"
    )
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{half}" w:type="dxa"/><w:tcBorders>{lines}</w:tcBorders></w:tcPr>'
        f"{''.join(left) or '<w:p/>'}</w:tc>"
        f'<w:tc><w:tcPr><w:tcW w:w="{inside - half}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{''.join(right) or '<w:p/>'}</w:tc>"
    )
    court = [_paragraph(line, "Court") for line in cover.court.upper().split("\n") if line.strip()]
    return [
        *court,
        f'<w:tbl><w:tblPr><w:tblW w:w="{inside}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="170" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{half}"/><w:gridCol w:w="{inside - half}"/></w:tblGrid>'
        f"<w:tr>{cells}</w:tr></w:tbl>",
    ]


def _table(made: Companion, inside: int) -> str:
    shares = [column.share for column in made.grid.columns]
    widths = [inside * share // max(1, sum(shares)) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    borders = (
        _LINE.format(side="top", size=8, colour="1D2126")
        + _LINE.format(side="bottom", size=8, colour="1D2126")
        + _LINE.format(side="insideH", size=4, colour="BDB9B0")
    )
    head = _row([c.title for c in made.grid.columns], widths, "TableHead", "<w:tblHeader/>")
    rows = "".join(_row(row, widths, "TableText") for row in made.grid.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" '
        f'w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], style: str, more: str = "") -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F1EE"/>' if more else ""
    drawn = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{_paragraph(cell, style)}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{drawn}</w:tr>"


def _paragraph(text: str, style: str = "", *, bold: bool = False, indent: int = 0) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:ind w:left="{indent}"/>' if indent else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{_run(text, bold=bold)}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    """A run with lines within it; nothing in evidence becomes a field or a mark of the format."""
    lines = (
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in visible(text).split("\n")
    )
    return f"<w:r>{'<w:rPr><w:b/><w:bCs/></w:rPr>' if bold else ''}{'<w:br/>'.join(lines)}</w:r>"


def _header(made: Companion) -> str:
    short, number, designation = made.head
    left = " · ".join(part for part in (short, number) if part)
    return (
        f'{_HEAD}<w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Header"/>{_tabs(made)}</w:pPr>'
        f"{_run(left)}<w:r><w:tab/></w:r>{_run(designation, bold=True)}</w:p></w:hdr>"
    )


def _footer(made: Companion) -> str:
    first, _, rest = made.page.partition("{page}")
    middle, _, last = rest.partition("{total}")
    return (
        f'{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/>{_tabs(made)}</w:pPr>'
        f"{_run(made.title)}<w:r><w:tab/></w:r>{_run(first)}{_field('PAGE')}{_run(middle)}"
        f"{_field('NUMPAGES')}{_run(last)}</w:p></w:ftr>"
    )


def _field(code: str) -> str:
    """A number that Word counts."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _tabs(made: Companion) -> str:
    width = _SIZES[made.paper][1 if made.landscape else 0] - 2 * _MARGIN
    return f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
