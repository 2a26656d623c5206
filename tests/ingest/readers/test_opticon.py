import orjson

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers import opticon

SAMPLE = b"A-1,V,I\\A-1.tif,Y,,,2\r\nA-2,V,I\\A-2.tif,,,,\r\n"


def _read(data: bytes) -> Parsed:
    item, books = opticon.read(data, Context(name="v.opt"))
    assert books == Books(len(data))
    assert isinstance(item, Parsed)
    return item


def test_the_list_is_one_document() -> None:
    item = _read(SAMPLE)
    assert orjson.loads(item.facts) == {"documents": 1, "pages": 2}
    assert "A-2,V" in dict(item.texts)["body"]
    assert item.problems == ()


def test_a_truncated_twin_says_which_count_is_wrong() -> None:
    assert [p.kind for p in _read(SAMPLE.split(b"\n")[0]).problems] == ["page-count-differs"]


def test_a_hostile_twin_is_kept() -> None:
    item = _read(SAMPLE + b"\xff\0,,,,,,\n" * 500)
    assert (len(item.problems), item.size) == (100, len(SAMPLE) + 4_500)
