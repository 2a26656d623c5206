from casekit.dossier.plan import plan
from casekit.dossier.sections.issued import blocks, table
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.queries.issued import Issued, Sending
from casekit.queries.redactions import WithheldWords
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

SENT = Sending(1, "Jane Roe", "opposing-counsel", "portal", "2026-03-14", "", "me")
FIRST = Issued(
    1, "dossier", "Motion on Vera Quist", 1_700_000_000_000_000, "ab" * 32, 12, "filing",
    "AUR-0000001 – AUR-0000009, AUR-0000012", 3, 0, (), (), False, (SENT,),
    ("Jane Roe, opposing-counsel",),
)  # fmt: skip
SECOND = Issued(
    2, "dossier", "Motion on Vera Quist", 1_700_000_100_000_000, "cd" * 32, 1400, "filing", "", 4, 1,
    (7, 8), (3,), True, (),
)  # fmt: skip
SAME = Issued(
    3, "volume", "VOL001", 1_700_000_200_000_000, "ef" * 32, 0, "", "", 4, 2, (), (), False, ()
)


def grids(*versions: Issued, withheld: WithheldWords | None = None) -> list[Grid]:
    found = blocks(versions, withheld or WithheldWords([]), wording("neutral"))
    return [each for each in found if isinstance(each, Grid)]


def test_every_version_is_told_with_what_changed_and_to_whom_it_went() -> None:
    versions, meant, sent = grids(FIRST, SECOND, SAME)
    assert versions.rows == (
        ("1", "Motion on Vera Quist\nDossier\npages: 12", "2023-11-14 22:13",
         "AUR-0000001 – AUR-0000009\nAUR-0000012", "The first of this name", "ab" * 32),
        ("2", "Motion on Vera Quist\nDossier\npages: 1,400", "2023-11-14 22:15", "–",
         "Against no. 1:\nitems added: 2\nitems taken out: 1\nredactions changed", "cd" * 32),
        ("3", "VOL001\nProduction", "2023-11-14 22:16", "–",
         "Against no. 2:\nthe same items", "ef" * 32),
    )  # fmt: skip
    assert meant.rows == (("1", "Jane Roe, opposing-counsel"),)
    assert sent.rows == (("1", "Jane Roe (opposing-counsel)", "2026-03-14", "Upload to a portal"),)


def test_a_name_with_withheld_words_is_left_out() -> None:
    hidden = WithheldWords([("no. 1", "Vera Quist"), ("no. 2", "Jane Roe")])
    versions, meant, sent = grids(FIRST, withheld=hidden)
    assert versions.rows[0][1].startswith("[a name that is withheld]\nDossier")
    assert meant.rows == (("1", "[a name that is withheld]"),)
    assert sent.rows[0][1] == "[a name that is withheld]"


def test_the_list_has_all_of_a_version_in_one_row() -> None:
    found = table([FIRST, SAME], WithheldWords([("no. 1", "Vera Quist")]), wording("neutral"))
    assert found.rows == (
        ("1", "[a name that is withheld]\nDossier\npages: 12", "2023-11-14 22:13",
         "AUR-0000001 – AUR-0000009\nAUR-0000012", "The first of this name", "Jane Roe, opposing-counsel",
         "Jane Roe (opposing-counsel), 2026-03-14, Upload to a portal", "ab" * 32),
        ("3", "VOL001\nProduction", "2023-11-14 22:16", "–", "Against no. 2:\nthe same items", "–", "–",
         "ef" * 32),
    )  # fmt: skip
    assert len(found.columns) == len(found.rows[0])


def test_a_dossier_without_versions_before_it_says_so(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.html", document("a.html", "Text of it."))[0], "A-1")
    with case.read() as s:
        decided = plan(s, DossierSpec(sections=("issued", "exhibits")))
    assert decided.further["issued"] == (
        Remark("Nothing was issued in this matter before this dossier."),
    )
