from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from casekit.errors import CaseKitError
from casekit.ops import productions, sendings
from casekit.queries.clawback import left
from casekit.queries.issued import issued
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item


@dataclass(frozen=True)
class Number:
    item_id: int
    prefix: str
    first: int
    last: int
    new: bool


@dataclass(frozen=True)
class Plan:
    produced: tuple[Number, ...]
    custody_seq: int
    more: dict[str, Any]
    title: str = "Evidence"
    draft: bool = False
    recipients: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        items = [{"item_id": n.item_id, "prefix": n.prefix, "first": n.first, "last": n.last}
                 for n in self.produced]  # fmt: skip
        return orjson.dumps({"produced": items, "profile": "filing", **self.more})

    def digest(self) -> bytes:
        return bytes(32)


@dataclass(frozen=True)
class Made:
    sha256: str = "ab" * 32
    pages: int = 4


@pytest.fixture
def twice(case: Case, tmp_path: Path) -> Case:
    """A dossier issued twice: items 1 to 3, then 1, 2 and 4 redacted otherwise; then one of another name."""
    file_items(case, [make_item(f"item {n}") for n in range(4)], tmp_path)
    decide_all(case)
    first = tuple(Number(n, "AUR", n, n, new=True) for n in (1, 2, 3))
    second = (
        *(Number(n, "AUR", n, n, new=False) for n in (1, 2)),
        Number(4, "AUR", 5, 6, new=True),
    )
    for numbers, more, title in (
        (first, {"redactions": []}, "Evidence"), (second, {"redactions": ["p"]}, "Evidence"),
        (second[:1], {"redactions": []}, "Other"),
    ):  # fmt: skip
        planned = Plan(numbers, case.head(), more, title)
        with case.write() as s:
            productions.issue(s, planned, Made())
    return case


def test_each_version_says_its_numbers_and_what_changed_since_the_one_of_its_name(
    twice: Case,
) -> None:
    with twice.read() as s:
        first, second, other = issued(s)
    assert (first.before, first.added, first.removed, first.redactions_changed) == (
        0,
        (),
        (),
        False,
    )
    assert (first.ranges, first.profile, first.sha256) == (
        "AUR-0000001 – AUR-0000003", "filing", "ab" * 32,
    )  # fmt: skip
    assert (second.before, second.added, second.removed) == (first.number, (4,), (3,))
    assert second.redactions_changed
    assert second.ranges == "AUR-0000001 – AUR-0000002, AUR-0000005 – AUR-0000006"
    assert (other.before, other.ranges, other.items) == (0, "AUR-0000001", 1)


def test_to_whom_it_went_is_filled_in_and_told_of_what_is_taken_back(twice: Case) -> None:
    for recipient, how, day, why in (
        ("", "portal", "2026-03-14", "to whom"), ("A", "pigeon", "2026-03-14", "how it went"),
        ("A", "portal", "14 March", "no day"),
    ):  # fmt: skip
        with pytest.raises(CaseKitError, match=why), twice.write() as s:
            sendings.add_sending(s, 1, recipient, how, day)
    with pytest.raises(CaseKitError, match="no issued version 9"), twice.write() as s:
        sendings.add_sending(s, 9, "A", "portal", "2026-03-14")
    with twice.write() as s:
        sendings.add_sending(s, 1, "Brandt LLP", "portal", "2026-03-14", role="counsel")
    with twice.read() as s:
        (gone,) = issued(s)[0].sendings
        assert (gone.recipient, gone.role, gone.how, gone.sent) == (
            "Brandt LLP", "counsel", "portal", "2026-03-14",
        )  # fmt: skip
        assert issued(s)[1].sendings == ()
        assert left(s, [3])[0].sent_to == ("Brandt LLP, 2026-03-14, portal (Evidence)",)
        assert left(s, [4])[0].sent_to == ()
