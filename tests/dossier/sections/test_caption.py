from casekit.dossier.sections import caption
from casekit.dossier.sheet import Withheld
from casekit.dossier.wording import wording
from casekit.ops import matter
from casekit.queries import matter as matter_queries
from casekit.queries.matter import MatterRow
from casekit.store.case import Case
from tests.dossier.builders import set_caption

WORDS = wording("us-federal")


def read(case: Case) -> MatterRow:
    with case.read() as s:
        return matter_queries.get(s)


def cover(row: MatterRow, *, draft: bool = True):  # type: ignore[no-untyped-def]
    return caption.cover(
        row, WORDS, title="Dossier", designation="", offered_by="Aurora", draft=draft, at_us=0,
        state=(7, "ab" * 32),
        counts="2 exhibits", version="0.1",
    )  # fmt: skip


def test_the_caption_of_an_american_court(case: Case) -> None:
    set_caption(case)
    made = cover(read(case))
    assert made.above == (("Aurora Labs, Inc.,", "Plaintiff,"),)
    assert made.below == (("Meridian AI Ltd.,", "Defendant."),)
    assert (made.number, made.judge) == (
        "Case No. 5:26-cv-01187 (N.D. Cal.)",
        "Hon. Ingrid Vasquez-Oyelaran",
    )
    assert made.draft == "DRAFT – NOT ISSUED"
    assert cover(read(case), draft=False).draft == ""
    assert [f.label for f in made.lines] == [
        "Offered by", "Counsel", "Date", "Contents", "State of the case", "Custody log’s root", "Made with",
    ]  # fmt: skip


def test_several_parties_of_a_side_share_their_standing(case: Case) -> None:
    with case.write() as s:
        for name in ("One", "Two"):
            matter.add_party(s, name, "plaintiff")
    assert cover(read(case)).above == (("One,", ""), ("Two,", "Plaintiffs,"))


def test_the_head_takes_short_names_where_both_sides_have_one(case: Case) -> None:
    assert caption.head(read(case), "X") == ("Aurora v. Meridian", "", "X")
    with case.write() as s:
        matter.add_party(s, "Acme Corporation", "plaintiff", short="Acme")
        matter.add_party(s, "Beta Limited", "defendant", short="Beta")
    assert caption.head(read(case), "")[0] == "Acme v. Beta"


def test_the_prefix_is_the_matter_s_or_three_letters_of_the_plaintiff(case: Case) -> None:
    assert caption.prefix(read(case)) == "AUR"
    with case.write() as s:
        matter.add_party(s, "Ölmühle 3000 GmbH", "claimant")
    assert caption.prefix(read(case)) == "LMH"
    with case.write() as s:
        matter.set_matter(s, {"bates_prefix": "CK"})
    assert caption.prefix(read(case)) == "CK"


def test_the_stamp_says_whose_exhibit_it_is(case: Case) -> None:
    set_caption(case)
    row = read(case)
    assert caption.stamp(row, "Aurora Labs, Inc.", WORDS) == "PLAINTIFF’S EXHIBIT"
    assert caption.stamp(row, "Meridian", WORDS) == "DEFENDANT’S EXHIBIT"
    assert caption.stamp(row, "Somebody", WORDS) == "EXHIBIT"


def test_how_to_read_says_what_is_withheld_and_that_a_draft_is_one() -> None:
    withheld = [Withheld("work-product", 2, 5)]
    remarks = caption.reading(WORDS, True, withheld)
    assert remarks[0].heading == "This is a draft"
    assert remarks[-1].text == (
        "2 exhibits (5 items with families) withheld on the ground of work product; "
        "nothing of their content is in this dossier."
    )
    assert len(caption.reading(WORDS, False, [])) == len(remarks) - 2
    assert "openssl cms" not in "".join(r.text for r in remarks)  # nobody signs a draft
    assert "openssl cms" in "".join(r.text for r in caption.reading(WORDS, False, []))
    without = [r.heading for r in caption.reading(WORDS, False, [], findings=False)]
    assert {r.heading for r in remarks[1:-1]} - set(without) == {"Findings"}
    told = caption.reading(WORDS, False, [], attached=True)
    assert [r.heading for r in told if "attach" in r.text] == ["Attached to this PDF"]
