import dataclasses
from pathlib import Path

import pytest

from casekit.dossier import imaged
from casekit.dossier.flow import Picture, Text
from casekit.dossier.imaged import Sheet, Typesetter, page_keys, withheld_slip
from casekit.dossier.production import sheets
from casekit.dossier.wording import wording
from casekit.ops import privilege, redactions
from casekit.queries import items
from casekit.queries.joined import Joined, OtherPart
from casekit.queries.privilege_log import entries
from casekit.queries.whole_values import NONE
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail

WORDS = wording("neutral")


def _sheet(case: Case, item_id: int) -> Sheet:
    with case.read() as s:
        family = [row.id for row in items.view(s, item_id).family]
        return sheets({i: items.view(s, i) for i in family}, WORDS, NONE)[item_id]


def test_what_a_page_shows_is_set_and_what_none_shows_has_a_slip(
    case: Case, tmp_path: Path
) -> None:
    mail = make_mail("One", "a@x.example", "b@x.example")
    table = make_item("t", name="t.csv", media_type="text/csv")
    pages = make_item("p", name="p.pdf", media_type="application/pdf", pages=3)
    blob = make_item("f", "file", name="f.bin")
    file_items(case, [mail, make_item("letter"), table, pages, blob], tmp_path, custodian="Ann")
    made = [_sheet(case, n) for n in range(1, 6)]
    assert [each.how for each in made] == ["set", "set", "native", "pages", "native"]
    told = "\n".join(text for each in made for text in imaged.said(each))
    assert "The text of One." in told
    assert "PRODUCED NATIVELY" in told
    assert "Ann" not in told
    assert "This exhibit" not in told
    assert Typesetter("a4", "").pages(made[3])[2].ops == [
        op for op in Typesetter("a4", "").pages(made[3])[2].ops if isinstance(op, Picture)
    ]


def test_what_is_redacted_is_set_without_its_words(case: Case, tmp_path: Path) -> None:
    table = make_item("secret", name="t.csv", media_type="text/csv")
    file_items(case, [table], tmp_path)
    with case.write() as s:
        redactions.redact(s, [(1, "body", 12, 18)], "privacy")
    made = _sheet(case, 1)
    told = "\n".join(imaged.said(made))
    assert (made.how, "secret" in told, "[REDACTED: personal data]" in told) == ("set", False, True)
    with case.read() as s:
        assert items.view(s, 1).sha256.hex() not in told.replace(" ", "")


def test_a_withheld_item_s_slip_tells_what_the_log_tells(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_mail("Our advice", "a@x.example", "b@x.example")], tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client", note="Advice of counsel")
    with case.read() as s:
        (entry,) = entries(s)
    text = imaged.text_of(withheld_slip(entry, WORDS))
    assert text.startswith("WITHHELD\nPrivilege log number: PRIV-0000001\n")
    assert "Description: Advice of counsel\n" in text
    assert "Our advice" not in text


@pytest.mark.parametrize(
    ("last", "pages", "found"),
    [
        (7, 1, [("A-0000007", "A-0000007")]),
        (8, 2, [("A-0000007", "A-0000007"), ("A-0000008", "A-0000008")]),
        (7, 2, [("A-0000007", "A-0000007"), ("A-0000007.0002", "A-0000007.0002")]),
        (9, 1, [("A-0000007", "A-0000007 – A-0000009")]),
        (7, 0, []),
    ],
)
def test_pages_bear_the_numbers_of_their_document(
    last: int, pages: int, found: list[tuple[str, str]]
) -> None:
    assert page_keys("A", 7, last, pages) == found


def test_the_stamp_stands_below_every_frame() -> None:
    setter = Typesetter("letter", "CONFIDENTIAL " * 20)
    (page,) = setter.pages(Sheet("native", "PRODUCED NATIVELY", ()), ["ABC-0000001"])
    title, number, *designation = (op for op in page.ops if isinstance(op, Text))
    assert title.y > setter.paper.bottom > number.y
    width = setter.faces["sans-bold"].measure("CONFIDENTIAL").width * designation[0].size
    assert len(designation) > 1
    for line in designation:
        shown = sum(len(text.split()) for _, text in line.runs)  # type: ignore[misc]
        assert line.x + shown * width < number.x
        assert 12 < line.y < setter.paper.bottom - 10


def test_pictures_tell_nothing_of_other_records_of_an_exchange(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_exchange("Why?", "Because.", "m-1")], tmp_path)
    with case.read() as s:
        view = items.view(s, 1)
    other = OtherPart(9, "answer", "", "withheld/secret.jsonl", 7, 0, 10, bytes(32))
    view = dataclasses.replace(view, joined=Joined("request", (other,), 1, ""))
    told = "\n".join(imaged.said(imaged.sheet_of(view, (), (), WORDS)))
    assert "Because." in told
    assert "secret.jsonl" not in told
