from casekit.dossier.tags import ARTIFACT, Marks, Tag, spoken


class Code:
    """Takes operators in order, as a canvas does."""

    def __init__(self) -> None:
        self.operators: list[str] = []

    def addLiteral(self, operator: str) -> None:  # noqa: N802 - a canvas calls it so
        self.operators.append(operator)


def test_each_piece_of_content_stands_in_exactly_one_mark() -> None:
    root = Tag("Sect")
    heading, text = root.add("H1"), root.add("P")
    code = Code()
    marks = Marks(code, 7)
    for tag in (heading, text, text, None, text):
        marks.begin(tag)
    marks.running()
    marks.end()
    assert code.operators == [
        "/H1 <</MCID 0>> BDC", "EMC", "/P <</MCID 1>> BDC", "EMC", "/Artifact <</Type /Layout>> BDC", "EMC",
        "/P <</MCID 2>> BDC", "EMC", "/Artifact <</Type /Pagination>> BDC", "EMC",
    ]  # fmt: skip
    assert (heading.marks, text.marks) == ([(7, 0)], [(7, 1), (7, 2)])


def test_what_stands_in_an_artifact_is_one() -> None:
    head = Tag("Table").add(ARTIFACT).add("TR").add("TH")
    code = Code()
    Marks(code, 1).begin(head)
    assert head.artifact
    assert head.marks == []
    assert code.operators == ["/Artifact <</Type /Layout>> BDC"]


def test_drawn_content_is_never_put_into_what_holds_only_others() -> None:
    row = Tag("TR")
    cell = row.add("TD")
    assert cell.leaf("P") is cell
    assert row.leaf("P") is row.inside[-1]


def test_a_spoken_text_may_hold_any_character() -> None:
    assert spoken("a)\U0001f642") == "/Span <</ActualText <FEFF00610029D83DDE42>>> BDC"
