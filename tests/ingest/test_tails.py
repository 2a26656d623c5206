from __future__ import annotations

import io

import pytest
from PIL import Image

from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import format_of, read_any
from casekit.ingest.tails import end_of, read_tail
from tests.ingest.documents import pdf, picture, zipped


def jpeg() -> bytes:
    room = io.BytesIO()
    Image.new("RGB", (4, 4)).save(room, "JPEG", comment=b"said in the picture")
    return room.getvalue()


FILES = {"PDF": pdf("x").rstrip(), "PNG": picture(), "JPEG": jpeg()}


@pytest.mark.parametrize("form", FILES)
def test_what_stands_behind_the_end_is_a_child_and_told(form: str) -> None:
    whole = FILES[form]
    assert end_of(whole, form) == len(whole)
    assert read_tail(whole + b"\r\n\0\n", form, Context()) == ((), ())
    data = whole + b"\n" + zipped({"s.txt": b"told to nobody"})
    items = [i for i in read_any(data, Context(), format_of(data, "x")) if isinstance(i, Parsed)]
    (child,) = items[0].children
    assert resolve(io.BytesIO(data), child.steps) == data[len(whole) + 1 :]
    assert [dict(each.texts) for each in child.children] == [{"body": "told to nobody"}]
    told = [(each.kind, each.offset) for each in items[0].problems if each.kind == "bytes-behind"]
    assert told == [("bytes-behind", len(whole) + 1)]


def test_a_file_without_an_end_has_nothing_behind_it() -> None:
    for data, form in (
        (FILES["PNG"][:-6], "PNG"),
        (b"x" * 9, "PNG"),
        (b"x", "PDF"),
        (b"GIF89a", "GIF"),
        (FILES["PNG"][:8] + b"\xff" * 12, "PNG"),
    ):
        assert end_of(data, form) == len(data)
