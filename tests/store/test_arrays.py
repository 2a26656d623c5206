from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casekit.errors import Cancelled
from casekit.jobs import clawback
from casekit.ops.clawback import Notice
from casekit.store import arrays
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail


def words_of(read: arrays.Columns, name: str) -> list[str]:
    return [read.words[name][code] for code in read.codes[name]]


def people(read: arrays.Columns) -> list[tuple[int, str, str]]:
    texts = [[read.words[n][code] for code in read.parties[n]] for n in ("role", "address")]
    return list(zip((int(i) for i in read.ids[read.party_rows]), *texts, strict=True))


def test_columns_tell_what_the_tables_tell_and_grow_with_them(case: Case, tmp_path: Path) -> None:
    assert len(arrays.read(case).ids) == 0
    first = make_exchange("Why?", "Because.", "m-1", account="acct-1", ip="192.0.2.1")
    file_items(case, [first, make_item("Dateless")], tmp_path, "a.txt")
    before = arrays.read(case)
    file_items(
        case, [make_mail("Hello", "a@x.example", "b@x.example", 5_000_000)], tmp_path, "b.txt"
    )
    for read in (arrays.read(case), arrays.read(case)):  # made, then taken from the file
        assert read.ids.tolist() == [1, 2, 3]
        assert read.sent_us.tolist() == [arrays.NO_TIME, arrays.NO_TIME, 5_000_000]
        assert words_of(read, "kind") == ["exchange", "document", "mail"]
        assert words_of(read, "account") == ["acct-1", "", ""]
        assert words_of(read, "ip") == ["192.0.2.1", "", ""]
        assert people(read) == [(3, "from", "a@x.example"), (3, "to", "b@x.example")]
    assert before.ids.tolist() == [1, 2]
    assert len(list((case.folder / "derived" / "arrays").iterdir())) == 1


def test_a_file_that_is_not_of_this_case_or_was_changed_is_made_again(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_mail("Hello", "a@x.example", "b@x.example", 5_000_000)], tmp_path)
    arrays.read(case)
    (file,) = (case.folder / "derived" / "arrays").iterdir()
    data = bytearray(file.read_bytes())
    at = data.index(np.int64(5_000_000).tobytes())
    data[at] ^= 1
    file.write_bytes(data)
    assert arrays.read(case).sent_us.tolist() == [5_000_000]
    case.uuid = "another"
    with case.read() as s:
        assert len(arrays._load(case, s).ids) == 0


def test_what_is_sequestered_is_not_in_them(case: Case, tmp_path: Path) -> None:
    mails = [
        make_mail("Secret", "s@x.example", "b@x.example", 1),
        make_mail("Open", "o@x.example", "b@x.example", 2),
    ]
    file_items(case, [*mails], tmp_path)
    assert arrays.read(case).ids.tolist() == [1, 2]
    clawback.receive(case, Notice("Them", ["item 1"], reference="letter"))
    read = arrays.read(case)
    assert read.ids.tolist() == [2]
    assert people(read) == [(2, "from", "o@x.example"), (2, "to", "b@x.example")]


def test_reading_can_be_cancelled(case: Case, tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, total: int | None, text: str) -> None:
            raise Cancelled

    file_items(case, [make_item("One")], tmp_path)
    with pytest.raises(Cancelled):
        arrays.read(case, Impatient())
    assert arrays.read(case).ids.tolist() == [1]
