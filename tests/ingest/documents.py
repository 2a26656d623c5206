"""Documents made for the tests: each as small as it can be and still be what it is."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(*pages: str, info: str = "", extra: str = "", rotate: int = 0) -> bytes:
    """A PDF 1.4 with a line of text a page; an empty string is a page without text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R " + extra + ">>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, text in enumerate(pages):
        stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET" if text else "0 0 10 10 re f"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    if info:
        objects.append(f"<< {info} >>")
    made = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(made)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R" + (
        f" /Info {len(objects)} 0 R" if info else ""
    )
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return made + f"trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members, always the same bytes."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return room.getvalue()


def relations(*rows: tuple[str, str, bool]) -> str:
    body = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if outside else "/>")
        for n, (kind, target, outside) in enumerate(rows)
    )
    return f'<Relationships xmlns="{_RELS}">{body}</Relationships>'


def docx(
    body: str, more: dict[str, str] | None = None, rows: tuple[tuple[str, str, bool], ...] = ()
) -> bytes:
    """A Word file whose body is this WordprocessingML."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:creator>Ada</dc:creator><dcterms:modified>2024-05-06T07:08:09Z</dcterms:modified></cp:coreProperties>"
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(
            ("officeDocument", "word/document.xml", False),
            ("metadata/core-properties", "docProps/core.xml", False),
        ),
        "docProps/core.xml": core,
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*rows),
    }
    return zipped({**members, **(more or {})})


def picture(
    mode: str = "RGB", size: tuple[int, int] = (4, 3), form: str = "PNG", **options: object
) -> bytes:
    room = io.BytesIO()
    Image.new(mode, size).save(room, form, **options)
    return room.getvalue()
