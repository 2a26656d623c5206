"""A small sample of each format that few folders hold, for campaigns of damaged files."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
from pathlib import Path

import orjson
import pyarrow
import pyarrow.parquet

from casekit.ingest.formats import FORMATS
from casekit.ingest.reading import format_of
from tests.evidence import log_record, mail, png
from tests.ingest.documents import docx, pdf, zipped
from tests.ingest.test_load_rows import dat

_STREAM = (
    'data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o","choices":'
    '[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}\n\n'
    'data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o","choices":'
    '[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
_CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Quill;Ada;;Dr;\r\nFN:Dr Ada Quill\r\nORG:Aurora;Models\r\n"
    "EMAIL;TYPE=WORK:ada@aurora.example\r\nNOTE:Met at\\, the\r\n  fair\\nTwice\r\n"
    "REV:20260105T120000Z\r\nPHOTO;ENCODING=b;TYPE=TEXT:aGVs\r\n bG8=\r\nEND:VCARD\r\n\r\nBEGIN:VCARD\r\n"
    "VERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jo\r\nTEL;CELL:2\r\nEND:VCARD\r\n"
)
_IRC = (
    "--- Log opened Tue Dec 31 23:58:00 2019\n23:58 -!- ann [a@b] has joined #plans\n"
    "23:59 <@ann> who took the key?\n--- Day changed Wed Jan 01 2020\n00:01  * bob shrugs\n"
)
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" onload="go()"><title>A map</title><text>Hello '
    '<tspan>there</tspan></text><script>go()</script><image href="http://x.example/a.png"/></svg>'
)
_HEAD = ["BEGBATES", "ENDBATES", "BEGATTACH", "FROM", "TO", "SUBJECT", "FILENAME", "SENT", "TEXT"]
_ROWS = [
    ["A-1", "A-2", "A-1", "Ann <a@x>", "b@x;c@x", "Hello®there", "", "2026-01-05", "one®two"],
    ["A-3", "A-3", "A-1", "", "", "", "t.csv", "", ""],
    ["A-4", "A-9", "", "", "", "", "x.pdf", "01/02/2026 11:00 PM", "\\TEXT\\A-4.txt"],
]
_TABLE = (
    'time,account,model,prompt,output\n2026-01-05T10:00:00Z,a1,m,"why, then?","so ""said""\nshe"\n'
)


def write(folder: Path) -> list[Path]:
    """Write the samples below a folder that is there; their paths."""
    made = dict(_texts()) | dict(_packed())
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


def missing(paths: list[Path]) -> set[str]:
    """Formats of which no path is a sample."""
    return {each.id for each in FORMATS} - {format_of(p.read_bytes(), p.name) for p in paths}


def _texts() -> dict[str, bytes]:
    """Samples that are text, in more than one encoding where the format allows it."""
    rows = dat(_HEAD, *_ROWS)
    return {
        "stream.sse": _STREAM.encode(),
        "cards.vcf": _CARDS.encode(),
        "plans.log": _IRC.encode(),
        "map.svg": _SVG.encode(),
        "load.dat": rows.encode("cp1252"),
        "load8.dat": b"\xef\xbb\xbf" + rows.encode(),
        "load16.dat": rows.encode("utf-16"),
        "plain.dat": dat(_HEAD, *_ROWS, sep=",", end="\n").encode("cp1252"),
        "pages.opt": b"A-1,V,I\\A-1.tif,Y,,,2\r\nA-2,V,I\\A-2.tif,,,,\r\nA-3,V,I\\A-3.pdf,Y,,,1\r\n",
        "crowd.opt": b"".join(b"B-%d,V 2,.\\I\\B-%d.jpg,%s,,,\r\n" % (n, n, b"Y" if n % 3 == 0 else b"")
                              for n in range(40)),
        "table.csv": _TABLE.encode() * 3,
        "table.tsv": _TABLE.replace(",", "\t").encode("utf-16"),
        "points.csv": ("a;b;c\n" + "1;zwei;3,5\n" * 9).encode("cp1252"),
        "quoted.csv": b'"n","text"\r\n' + b'"1","a\r\nb ""c"" d"\r\n' * 6 + b'"2","open',
        "wide.csv": (",".join(f"c{n}" for n in range(60)) + "\n" + ",".join("x" * 60) + "\n").encode(),
    }  # fmt: skip


def _packed() -> dict[str, bytes]:
    """Samples that hold others."""
    log = b"".join(orjson.dumps(log_record(n)) + b"\n" for n in range(4))
    table = pyarrow.table(
        {"instruction": ["why?", "who?"], "output": ["so", "ann"], "n": [1, None]}
    )
    parquet = io.BytesIO()
    pyarrow.parquet.write_table(table, parquet, compression="snappy")
    page = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://h.example/a\r\n"
        b"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"Content-Type: application/http\r\nContent-Length: 74\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>what the page says</p>\n\r\n\r\n\r\n"
    )
    package = (
        b'{"profile":"data-package","wacz_version":"1.1.1","title":"My capture","resources":[]}'
    )
    pages = (
        b'{"format":"json-pages-1.0","id":"pages","title":"All"}\n'
        b'{"url":"https://h.example/a","ts":"2026-01-02T03:04:05Z","title":"A page"}\n'
    )
    return {
        "rows.parquet": parquet.getvalue(),
        "log.jsonl.xz": lzma.compress(log),
        "log.jsonl.gz": gzip.compress(log[:900], mtime=0) + gzip.compress(log[900:], mtime=0),
        "page.warc.gz": gzip.compress(page, mtime=0) * 2,
        "capture.wacz": zipped(
            {"archive/d.warc.gz": gzip.compress(page, mtime=0), "pages/pages.jsonl": pages,
             "datapackage.json": package}, zipfile.ZIP_STORED),
        "mixed.zip": zipped({"a.eml": mail(1, attachment=b"note"), "b.pdf": pdf("words"), "c.docx":
                             docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>"), "d.png": png()}),
    }  # fmt: skip
