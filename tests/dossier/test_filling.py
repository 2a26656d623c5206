from __future__ import annotations

from casekit.dossier.assemble import Entry
from casekit.dossier.filling import Filling, Kind, Passage
from casekit.dossier.flow import Picture
from casekit.dossier.pieces import Placed
from casekit.dossier.sheet import PageBox

ONE, TWO = "\U00100000", "\U00100001"
BOXES = tuple(PageBox("hide", n, 0, n + 1, 1, why) for n, why in enumerate(("open", "shut")))


def filling(kind: Kind = "sealed") -> Filling:
    return Filling(kind, {ONE: "Ann ", TWO: "Lee"}, {}, "SEALED", frozenset({"shut"}))


def cell(x: float, text: str) -> Placed:
    return Placed(x, 2, "sans", text, 0, 1, False)


def test_cells_beside_each_other_are_one_passage() -> None:
    word, end = Placed(0, 1, "f", "By ", 0, 3, False), Placed(5, 1, "f", ".", 5, 6, False)
    found = list(filling().parted([word, cell(1, ONE), cell(3, TWO), end]))
    assert found == [(word,), Passage(1, 4, "Ann Lee", "sans"), (end,)]
    assert filling().has_cells([word, cell(1, ONE)])
    assert not filling().has_cells([word, ("f", ONE)])


def test_an_outline_is_told_in_the_words_of_the_copy() -> None:
    (made,) = filling().outline([Entry(ONE + TWO, "A", (Entry("B " + TWO, "B"),))])
    assert (made.title, made.under[0].title) == ("Ann Lee", "B Lee")


def test_a_sealed_copy_paints_only_what_stays_shut() -> None:
    picture = Picture(0, 0, 1, 1, 1, 1, 96, ONE, "", BOXES)
    shown, opened = filling().picture(picture)
    assert (shown.text, shown.boxes, opened) == ("Ann ", BOXES[1:], BOXES[:1])
    assert filling("public").picture(picture)[1] == ()
