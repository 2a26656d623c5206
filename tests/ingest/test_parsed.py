import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books, Exchange, Parsed, Problem, Step, When, sha256

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
steps = st.builds(
    Step,
    how=st.sampled_from(["gzip", "zip", "slice", "mime"]),
    name=texts,
    offset=st.integers(0, 2**60),
    line=st.none() | st.integers(1, 2**40),
    sha256=st.binary(min_size=32, max_size=32),
)
items = st.builds(
    Parsed,
    kind=st.sampled_from(["exchange", "mail", "document", "file"]),
    collection=st.just("other"),
    title=texts,
    steps=st.lists(steps, max_size=3).map(tuple),
    sha256=st.binary(min_size=32, max_size=32),
    size=st.integers(0, 2**50),
    texts=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    when=st.none() | st.builds(When, st.integers(-(2**62), 2**62), texts, texts),
    exchange=st.none() | st.builds(Exchange, model=texts, temperature=st.none() | st.floats(0, 2)),
)


@given(items)
def test_what_leaves_the_worker_arrives_as_it_was(item: Parsed) -> None:
    family = msgspec.structs.replace(item, children=(item,))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(family), type=Parsed) == family


@pytest.mark.parametrize(
    "untrusted", [b"", b"\x90", b"\x91\xa1x", msgspec.msgpack.encode(["bomb"] * 20)]
)
def test_what_is_no_item_is_refused(untrusted: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.msgpack.decode(untrusted, type=Parsed)


def test_books_add_up() -> None:
    assert Books(5, 3, 2).total == 10
    assert Problem("parse", "bad-json", "It ends too soon.").offset is None
    assert sha256(b"").hex().startswith("e3b0c442")
