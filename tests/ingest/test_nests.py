from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest import framing, nests, records
from casekit.ingest.framing import json_values
from casekit.ingest.nests import Nest, nest_of
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records

PAGE = Nest("page", ("data", "*", "results"), ("object",))
LOG = Nest("log", ("log", "entries"))


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nests, "NESTS", (PAGE, LOG))
    monkeypatch.setattr(nests, "_FIRSTS", {"data", "log"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"object": "page", "data": [{"results": []}]}, PAGE),
        ({"object": "page", "data": [1, {"results": [1]}]}, PAGE),
        ({"data": [{"results": []}]}, None),
        ({"object": "page", "data": []}, None),
        ({"log": {"entries": []}}, LOG),
        ({"log": {"entries": 3}}, None),
        ({"log": [1]}, None),
    ],
)
def test_a_document_is_known_by_its_keys(value: dict[str, Any], expected: Nest | None) -> None:
    assert nest_of(value) == expected


def test_each_record_comes_with_its_place_and_what_stands_around_it() -> None:
    document = {
        "object": "page",
        "data": [{"day": 1, "results": [{"n": 1}, {"n": 2}]}, {"day": 2, "results": [{"n": 3}]}],
    }
    data = json.dumps(document, indent=1).encode()
    found = list(nests.records(data, PAGE, document))
    assert [json.loads(data[slice(*each.span)]) for each in found] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [each.around["day"] for each in found] == [1, 1, 2]
    assert found[0].around["object"] == "page"


def test_records_of_a_document_become_items_and_every_byte_is_counted() -> None:
    asked = [{"instruction": f"Why {n}?", "output": "So.", "generator": "m"} for n in range(3)]
    data = json.dumps({"log": {"entries": asked, "version": 1}}, indent=1).encode()
    found = list(read_records(data, Context(), json_values, "application/json"))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [item.title for item in items] == ["Why 0?", "Why 1?", "Why 2?"]
    for item, record in zip(items, asked, strict=True):
        (step,) = item.steps
        assert json.loads(data[step.offset : step.offset + step.length]) == record
        assert step.line == data[: step.offset].count(b"\n") + 1
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    assert books.good == sum(item.size for item in items)


def test_two_arrays_of_one_document_come_in_its_order() -> None:
    nest = Nest("batch", ("post",), ("patch",), more=(("patch",),))
    document = {"patch": [{"n": 1}], "post": [{"n": 2}, {"n": 3}]}
    data = json.dumps(document).encode()
    found = [json.loads(data[slice(*each.span)]) for each in nests.records(data, nest, document)]
    assert found == [{"n": 1}, {"n": 2}, {"n": 3}]


@pytest.mark.parametrize("nested", [True, False])
def test_a_document_beyond_the_largest_record_is_read_record_by_record(
    monkeypatch: pytest.MonkeyPatch, nested: bool
) -> None:
    monkeypatch.setattr(framing, "MAX_RECORD", 300)
    monkeypatch.setattr(records, "MAX_RECORD", 300)
    asked = [{"instruction": f"Why {n}?", "output": "So.", "generator": "m"} for n in range(30)]
    asked[7]["output"] = "x" * 400
    document = {"log": {"version": 1, "entries": asked}, "after": [1]}
    if not nested:
        document = {"unknown": document["log"]}
    data = b"\n" + json.dumps(document, indent=1).encode() + b"\n"
    found = list(read_records(data, Context(), json_values, "application/json"))
    items = [each for each in found if isinstance(each, Parsed) and each.kind == "exchange"]
    assert len(items) == (29 if nested else 0)
    for item in items:
        (step,) = item.steps
        assert json.loads(data[step.offset : step.offset + step.length]) in asked
        assert step.line == data[: step.offset].count(b"\n") + 1
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    assert [each.kind for each in found if isinstance(each, Problem) and each.length] == (
        ["too-long"] if nested else []
    )


def test_what_stands_around_the_records_of_a_large_document_is_kept_where_it_is_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nests, "_SMALL", 20)
    document = {
        "object": "page",
        "big": "x" * 30,
        "data": [{"day": 1, "results": [{"n": 1}]}, {"day": 2, "results": []}],
        "small": {"a": 1},
    }
    data = json.dumps(document).encode()
    kept = {"object": "page", "small": {"a": 1}}
    assert nests.large(data, 0) == (
        PAGE,
        {**kept, "data": [{"day": 1, "results": []}, {"day": 2, "results": []}]},
    )
    found = list(nests.records(data, PAGE, nests.large(data, 0)[1], 0))  # type: ignore[index]
    assert [dict(each.around) for each in found] == [{**kept, "day": 1}]
    assert nests.large(b'{"a": 1}', 0) is None


def test_an_object_around_known_records_gives_them() -> None:
    asked = [{"prompt": f"Why {n}?", "output": "So."} for n in range(3)]
    data = json.dumps({"config": {"model": "m"}, "tags": [{"a": 1}], "results": asked}).encode()
    found = list(read_records(data, Context(model="m"), json_values, "application/json"))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [item.title for item in items] == ["Why 0?", "Why 1?", "Why 2?"]
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    mapping = json.dumps({"prompt": "config"})
    (item, *_) = read_records(data, Context(mapping=mapping), json_values, "application/json")
    assert isinstance(item, Parsed)
    assert item.title == '{"model":"m"}'


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "a", "output": "b", "steps": [{"prompt": "c", "output": "d"}]},
        {"one": [{"prompt": "c", "output": "d"}], "two": [{"prompt": "c", "output": "d"}]},
        {"one": [{"x": 1}], "two": ["a"], "three": []},
        ["a"],
    ],
)
def test_a_record_itself_and_what_is_doubtful_stay_whole(record: Any) -> None:
    wrappings = nests.Wrappings()
    assert [wrappings.nest_of(record) for _ in range(2)] == [None, None]


def test_a_document_too_large_to_be_parsed_whole_gives_the_same_items(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [{"instruction": f"Why {n}?", "output": "So.", "generator": "m"} for n in range(3)]
    two = Nest("two", ("a", "*", "list"), ("kind",), lambda each: "output" in each, (("b",),))
    monkeypatch.setattr(nests, "NESTS", (LOG, two))
    monkeypatch.setattr(nests, "_FIRSTS", {"log", "a"})
    document = {
        "b": asked[:1],
        "kind": "x",
        "a": [{"n": 1, "list": asked[1:2]}, {"list": asked[2:]}],
    }
    data = json.dumps(document, indent=1).encode()
    small = list(read_records(data, Context(), json_values, "application/json"))
    large = nests.large(data, 0)
    assert large is not None
    found = list(nests.records(data, *large))
    assert [each.around.get("n") for each in found] == [None, 1, None]
    assert [each.around["kind"] for each in found] == ["x", "x", "x"]
    monkeypatch.setattr(records, "MAX_RECORD", 100)
    monkeypatch.setattr(framing, "MAX_RECORD", 100)
    assert list(read_records(data, Context(), json_values, "application/json")) == small
    assert [each.title for each in small if isinstance(each, Parsed)] == [
        "Why 0?",
        "Why 1?",
        "Why 2?",
    ]
