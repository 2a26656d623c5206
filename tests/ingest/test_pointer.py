from __future__ import annotations

import base64
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.errors import CaseKitError
from casekit.ingest.parsed import Step
from casekit.ingest.pointer import flatten, from_json, resolve, to_json
from tests.ingest.documents import zipped

STEPS = st.builds(
    Step,
    how=st.sampled_from(["gzip", "zip", "slice", "mime"]),
    name=st.text(max_size=5),
    number=st.integers(0, 9),
    offset=st.integers(0, 1 << 40),
    length=st.integers(0, 99),
    line=st.none() | st.integers(1, 9),
    decoding=st.sampled_from(["", "base64"]),
    before=st.sampled_from([b"", bytes(32)]),
    sha256=st.sampled_from([b"", b"\xff" * 32]),
)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Watched(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@given(st.lists(STEPS, max_size=3).map(tuple))
def test_what_is_written_can_be_read(steps: tuple[Step, ...]) -> None:
    assert from_json(to_json(steps)) == steps


def test_the_form_in_the_case_is_fixed() -> None:
    steps = (
        Step("gzip", name="log.jsonl", length=9, sha256=b"\x01" * 32),
        Step("zip", name="a.eml", number=3),
        Step("mime", name="2.1", offset=5, length=7, decoding="base64", before=b"\x02" * 32),
        Step("slice", line=1),
    )
    assert to_json(()) == "[]"
    assert to_json(steps) == (
        f'[{{"how":"gzip","length":9,"name":"log.jsonl","sha256":"{"01" * 32}"}},'
        '{"how":"zip","name":"a.eml","number":3},'
        f'{{"before":"{"02" * 32}","decoding":"base64","how":"mime","length":7,"name":"2.1","offset":5}},'
        '{"how":"slice","line":1}]'
    )


@pytest.mark.parametrize(
    "text", ["", "{}x", "[1]", '[{"how":"magic"}]', '[{"how":"zip","new":1}]', '[{"sha256":"zz"}]']
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CaseKitError, match="pointer"):
        from_json(text)


def test_people_see_where_it_lies() -> None:
    steps = (
        Step("zip", name="logs/a.gz"),
        Step("gzip", name="a"),
        Step("slice", offset=10, length=5, line=2, sha256=b"\1" * 32),
    )
    assert flatten(steps) == {
        "member": "logs/a.gz!a",
        "line": 2,
        "offset": 10,
        "length": 5,
        "sha256": "01" * 32,
    }
    assert flatten(()) == {
        "member": None,
        "line": None,
        "offset": None,
        "length": None,
        "sha256": None,
    }


def test_a_slice_of_a_plain_file_reads_only_the_slice() -> None:
    source = Watched(b"x" * 1_000_000 + b"evidence" + b"y" * 1_000_000)
    assert (
        resolve(source, [Step("slice", offset=1_000_000, length=8, sha256=sha(b"evidence"))])
        == b"evidence"
    )
    assert source.count == 8
    assert resolve(Watched(b"all of it"), []) == b"all of it"


def test_containers_are_walked_and_every_hash_checked() -> None:
    log = b"".join(b"line %d\n" % n for n in range(1000))
    packed = gzip.compress(log)
    data = zipped({"a": b"other", "log.gz": packed})
    line = Step("slice", offset=log.index(b"line 500"), length=8, sha256=sha(b"line 500"))
    steps = (
        Step("zip", name="log.gz", number=1, sha256=sha(packed)),
        Step("gzip", sha256=sha(log)),
    )
    assert resolve(io.BytesIO(data), steps) == log
    assert resolve(io.BytesIO(data), (*steps, line)) == b"line 500"
    for bad in (
        (Step("zip", number=0, sha256=sha(packed)),),
        (*steps[:1], Step("gzip", sha256=bytes(32))),
    ):
        with pytest.raises(CaseKitError, match="damaged"):
            resolve(io.BytesIO(data), bad)
    for gone in (Step("zip", number=7), Step("zip", number=1)):
        with pytest.raises(CaseKitError, match="damaged"):
            resolve(io.BytesIO(data[:30] if gone.number == 1 else data), (gone,))


def test_a_packed_stream_is_read_no_further_than_the_slice() -> None:
    data = gzip.compress(bytes(range(256)) * 40_000, 1)
    source = Watched(data)
    step = Step("slice", offset=256, length=4, sha256=sha(b"\0\1\2\3"))
    assert resolve(source, (Step("gzip", sha256=bytes(32)), step)) == b"\0\1\2\3"
    assert source.count < len(data)


def test_a_damaged_gzip_file_gives_the_same_prefix_as_at_the_import() -> None:
    from casekit.ingest.containers import unpack_gzip
    from casekit.ingest.limits import new_budget

    data = gzip.compress(b"".join(b"%d\n" % n for n in range(50_000)))[:60_000]
    found = unpack_gzip(data, new_budget())
    assert resolve(io.BytesIO(data), (Step("gzip", sha256=found.sha256),)) == found.data[:]


def test_decodings_are_undone_and_checked_on_both_sides() -> None:
    raw = base64.encodebytes(b"attached")
    message = b"Subject: x\n\n" + raw
    step = Step(
        "mime",
        name="1",
        offset=12,
        length=len(raw),
        decoding="base64",
        before=sha(raw),
        sha256=sha(b"attached"),
    )
    assert resolve(io.BytesIO(message), (step,)) == b"attached"
    with pytest.raises(CaseKitError, match="not those received"):
        resolve(io.BytesIO(message.replace(raw[:4], b"AAAA")), (step,))
    quoted = b"a\n>From b\n>>From c\n"
    unquoted = Step(
        "slice", length=len(quoted), decoding="mboxrd", sha256=sha(b"a\nFrom b\n>From c\n")
    )
    assert resolve(io.BytesIO(quoted), (unquoted,)) == b"a\nFrom b\n>From c\n"


def test_a_part_without_a_place_is_found_by_its_number() -> None:
    message = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\ntext\r\n"
        b"--B\r\nContent-Type: image/png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nYXR0YWNoZWQ=\r\n--B--\r\n"
    )
    step = Step("mime", name="2", decoding="base64", before=bytes(32), sha256=sha(b"attached"))
    assert resolve(io.BytesIO(message), (step,)) == b"attached"
    with pytest.raises(CaseKitError):
        resolve(io.BytesIO(message), (Step("mime", name="9"),))
