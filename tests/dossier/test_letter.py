import pytest

from casekit.dossier.letter import letter, text_of
from casekit.ops import matter
from casekit.queries.clawback import Left
from casekit.store.case import Case

TAKEN = [
    Left(2, "ABC-0000002", "ABC-0000004", (("VOL001", "volume", 1), ("Dossier", "dossier", 86_400_000_000)),
         "attorney-client", "Slipped\u202e through", sent_to=("Brandt LLP, 2026-03-14, portal (VOL001)",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "law"),
    [("us-federal", "26(b)(5)(B)"), ("england-wales", "CPR 31.20"), ("eu", "Counsel should state"),
     ("neutral", "Counsel should state")],
)  # fmt: skip
def test_the_letter_says_numbers_productions_dates_and_basis_under_the_courts_rule(
    case: Case, profile: str, law: str
) -> None:
    with case.write() as s:
        matter.set_matter(s, {"profile": profile, "number": "5:26-cv-1"})
    with case.read() as s:
        made = letter(s, TAKEN)
    assert [row[:3] for row in made.grid.rows] == [
        ("ABC-0000002 – ABC-0000004", "VOL001", "1 Jan 1970"),
        ("ABC-0000002 – ABC-0000004", "Dossier", "2 Jan 1970"),
    ]
    said = text_of(made)
    assert law in said
    assert "privilege" in made.grid.rows[0][4]
    assert [row[3] for row in made.grid.rows] == ["Brandt LLP, 2026-03-14, portal (VOL001)", ""]
    assert "Slipped[U+202E] through" in said  # nothing turns the line round
