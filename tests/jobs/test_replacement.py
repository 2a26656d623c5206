from itertools import pairwise
from pathlib import Path

import pytest

from casekit.dossier.load_file import read_dat, read_opt
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import production
from casekit.jobs.verify_volume import verify_volume
from casekit.ops import privilege, redactions
from casekit.queries import items
from casekit.queries.productions import Range, register, replacements
from casekit.store.case import Case
from tests.builders import decide_all

MAIL = b"From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%s@x>\n\n%s"


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Six mails (1 to 6), the second of some pages."""
    for no in range(1, 7):
        body = b"walnut harbour\n" if no == 3 else b"line\n" * (120 if no == 2 else 2)
        (tmp_path / f"{no}.eml").write_bytes(MAIL % (b"m%d" % no, b"m%d" % no, body))
        ingest(case, [tmp_path / f"{no}.eml"])
    decide_all(case)
    return case


def _produce(case: Case, folder: Path, query: str = "", **wish: object) -> production.Written:
    asked = Wish(**({"prefix": "ABC", "images": "tiff"} | wish))  # type: ignore[arg-type]
    return production.write(case, production.plan(case, query, asked), folder)


def _rows(made: production.Written) -> list[dict[str, str]]:
    return read_dat((made.path / "DATA" / f"{made.path.name}.DAT").read_bytes())


def test_numbers_run_on_over_three_productions_and_a_replacement(
    filed: Case, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = _produce(filed, out, "id:1 OR id:2")
    theirs = _produce(filed, out, "id:3", prefix="XYZ", start=5)
    second = _produce(filed, out, "id:4")
    end = first.volume.produced[-1].last
    numbers = [row["BEGBATES"] for row in _rows(first)]
    again = _produce(filed, out, replace=(numbers[1],), reason="A page was illegible.")
    third = _produce(filed, out, "id:5")
    assert [m.path.name for m in (first, theirs, second, again, third)] == [
        "VOL001", "VOL002", "VOL003", "VOL004-REPL", "VOL005",
    ]  # fmt: skip
    (row,) = _rows(again)
    assert (row["BEGBATES"], row["ENDBATES"]) == (numbers[1], _rows(first)[1]["ENDBATES"])
    assert (row["REPLACES"], row["REPLACEREASON"]) == ("VOL001", "A page was illegible.")
    (pages,) = read_opt((again.path / "DATA" / "VOL004-REPL.OPT").read_bytes())
    assert [key for key, _ in pages] == [key for key, _ in first.volume.produced[1].keys]
    assert all(stamp.endswith(" REPL") for _, stamp in again.volume.produced[0].keys)
    assert verify_volume(again.path).damaged == []
    with filed.read() as s:
        ranges = register(s)
        (told,) = replacements(s)
    assert (told.first, told.production, told.replaces) == (numbers[1], "VOL004-REPL", "VOL001")
    assert [(r.prefix, r.first, r.last, r.production) for r in ranges] == [
        ("ABC", 1, end, "VOL001"), ("ABC", end + 1, end + 1, "VOL003"),
        ("ABC", end + 2, end + 2, "VOL005"), ("XYZ", 1, 4, ""), ("XYZ", 5, 5, "VOL002"),
    ]  # fmt: skip
    assert _no_overlap(ranges)


def _no_overlap(ranges: list[Range]) -> bool:
    return all(a.prefix != b.prefix or a.last + 1 == b.first for a, b in pairwise(ranges))


def test_a_document_redacted_since_goes_again_without_its_words(
    filed: Case, tmp_path: Path
) -> None:
    first = _produce(filed, tmp_path / "out", "id:3 OR id:4")
    with filed.read() as s:
        at = items.view(s, 3).text("body").index("walnut")
    with filed.write() as s:
        redactions.redact(s, [(3, "body", at, at + 14)], "privacy")
    number = first.volume.produced[0].fields["BEGBATES"]
    made = _produce(filed, tmp_path / "out", replace=(number,), reason="Personal data.")
    (row,) = _rows(made)
    assert (row["BEGBATES"], row["REDACTED"], row["NATIVELINK"]) == (number, "Yes", "")
    assert b"walnut" not in b"".join(p.read_bytes() for p in made.path.rglob("*") if p.is_file())
    once_more = _produce(filed, tmp_path / "out", replace=(number,), reason="Once more.")
    assert _rows(once_more)[0]["REPLACES"] == made.path.name


def test_a_document_clawed_back_leaves_a_slip_sheet(filed: Case, tmp_path: Path) -> None:
    first = _produce(filed, tmp_path / "out", "id:3 OR id:4")
    with filed.write() as s:
        privilege.assert_privilege(s, [4], "attorney-client")
    number = first.volume.produced[1].fields["BEGBATES"]
    made = _produce(filed, tmp_path / "out", replace=(number,), reason="Clawed back.")
    (row,) = _rows(made)
    assert (row["BEGBATES"], row["PLACEHOLDER"]) == (number, "Withheld: attorney–client privilege")
    assert not (made.path / "NATIVES").exists()


@pytest.mark.parametrize(
    ("replace", "reason", "told"),
    [
        (("ABC-0000099",), "x", "was not handed over"),
        (("nonsense",), "x", "was not handed over"),
        (("ABC-0000001",), " ", "Say why"),
    ],
)
def test_what_cannot_be_replaced_is_refused(
    filed: Case, tmp_path: Path, replace: tuple[str, ...], reason: str, told: str
) -> None:
    _produce(filed, tmp_path / "out", "id:1")
    with pytest.raises(CaseKitError, match=told):
        _produce(filed, tmp_path / "out", replace=replace, reason=reason)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["VOL001"]
