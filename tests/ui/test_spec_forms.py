from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from casekit.dossier.gaps import Gap
from casekit.dossier.spec import FIELDS, NARRATIVE, SECTIONS, DossierSpec, decode
from casekit.dossier.wording import wording
from casekit.ui.limit_box import LimitBox
from casekit.ui.recipients import Recipients
from casekit.ui.spec_forms import Around, Forms, FormWants, Words


@pytest.fixture
def told() -> list[DossierSpec]:
    return []


@pytest.fixture
def forms(dressed: QApplication, qtbot: QtBot, told: list[DossierSpec]) -> Forms:
    made = Forms(FormWants(told.append, lambda: told.append(DossierSpec(title="MATTER"))))
    qtbot.addWidget(made)
    made.resize(430, 600)
    made.show()
    return made


def show(forms: Forms, section: str, spec: DossierSpec | None = None) -> None:
    around = Around(wording("us-federal"), (("F-1", "Shared wording"),), ("A-1",))
    forms.show_section(section, spec or DossierSpec(), around)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_a_form_that_fits_its_pane(forms: Forms, section: str) -> None:
    show(forms, section)
    inside = forms.widget()
    assert inside.minimumSizeHint().width() <= 430
    texts = [label.text() for label in inside.findChildren(QLabel)]
    assert len([text for text in texts if text]) >= 2


def test_text_goes_into_the_spec_as_it_is_typed(forms: Forms, told: list[DossierSpec]) -> None:
    show(forms, "collection")
    assert list(forms.fields) == [f"narrative/{name}" for name in NARRATIVE]
    field = forms.fields["narrative/scope"]
    assert isinstance(field, Words)
    QTest.keyClicks(field, "All")
    assert told[-1].narrative == {"scope": "All"}
    before = field.height()
    field.setPlainText("\n".join("line" for _ in range(6)))
    assert field.height() > before
    field.setPlainText("")
    assert told[-1].narrative == {}


def test_a_certificate_is_added_filled_in_and_taken_out(
    forms: Forms, told: list[DossierSpec]
) -> None:
    show(forms, "certificates", DossierSpec(sections=("certificates",)))
    forms._add_certificate("copies")
    assert told[-1].certificates[0].kind == "copies"
    assert {f"certificates/0/{name}" for name in FIELDS["copies"]} <= set(forms.fields)
    name = forms.fields["certificates/0/name"]
    assert isinstance(name, Words)
    assert name.toPlainText() == ""
    QTest.keyClicks(name, "Ada")
    labels = forms.fields["certificates/0/exhibits"]
    assert isinstance(labels, QLineEdit)
    QTest.keyClicks(labels, "A-1, B-2")
    assert told[-1].certificates[0].exhibits == ("A-1", "B-2")
    labels.clear()
    QTest.keyClicks(labels, " ")
    assert told[-1].certificates[0].exhibits is None
    signed = forms.fields["certificates/0/signed_in"]
    assert isinstance(signed, QComboBox)
    signed.setCurrentIndex(1)
    signed.activated.emit(1)
    kind = forms.fields["certificates/0/kind"]
    assert isinstance(kind, QComboBox)
    kind.setCurrentIndex(kind.findData("process"))
    kind.activated.emit(kind.currentIndex())
    assert told[-1].certificates[0].fields == {"name": "Ada"}
    assert told[-1].certificates[0].signed_in == "us"
    assert "certificates/0/system" in forms.fields


def test_a_gap_is_marked_and_gone_to(forms: Forms) -> None:
    show(forms, "certificates", DossierSpec())
    forms._add_certificate("copies")
    forms.show_gaps([Gap("gap", "certificates", "certificates/0/notice", "x")])
    assert forms._marks["certificates/0/notice"].text() == "▲ not stated"
    forms.show_gaps([Gap("refusal", "certificates", "certificates/0/notice", "x")])
    assert forms._marks["certificates/0/notice"].text() == "■ blocked"
    assert forms._marks["certificates/0/name"].text() == ""
    assert forms.go_to("certificates/0/notice")
    assert forms.fields["certificates/0/notice"].hasFocus()
    assert forms.go_to("certificates/0/nothing/of/this")
    assert not forms.go_to("narrative/scope")


def test_what_counsel_offers_is_asked_for_and_a_summary_asks_for_more(
    forms: Forms, told: list[DossierSpec]
) -> None:
    show(forms, "findings")
    box = forms.fields["offered/F-1/kind"]
    assert isinstance(box, QComboBox)
    assert box.currentData() == ""
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert told[-1].offered["F-1"].kind == "summary"
    assert "offered/F-1/preparer" in forms.fields


def test_a_number_out_of_range_is_marked_and_not_taken(
    forms: Forms, told: list[DossierSpec]
) -> None:
    show(forms, "exhibits")
    field = forms.fields["dpi"]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "900")
    assert all(72 <= spec.dpi <= 300 for spec in told)
    assert field.property("bad") is True
    field.selectAll()
    QTest.keyClicks(field, "200")
    assert told[-1].dpi == 200


def test_a_court_s_limit_goes_into_the_spec(forms: Forms, told: list[DossierSpec]) -> None:
    show(forms, "cover")
    box = forms.fields["limit_mb"]
    assert isinstance(box, LimitBox)
    box.setCurrentIndex(box.findData("utb"))
    assert told[-1] == DossierSpec(limit_mb=8)
    box.setCurrentText("much")
    assert told[-1] == DossierSpec(limit_mb=8)


def test_only_whole_recipients_go_into_the_spec(forms: Forms, told: list[DossierSpec]) -> None:
    show(forms, "cover", DossierSpec(recipients=("Jane Roe, opposing-counsel",)))
    rows = forms.fields["recipients"]
    assert isinstance(rows, Recipients)
    rows.add.click()
    rows.rows[1].name.setText("The clerk")
    assert told == []
    rows.rows[1].role.setCurrentIndex(rows.rows[1].role.findData("court"))
    assert told[-1].recipients == ("Jane Roe, opposing-counsel", "The clerk, court")
    assert decode(told[-1].encoded()) == told[-1]
    assert forms.go_to("recipients")


def test_terms_are_added_explained_and_taken_out(forms: Forms, told: list[DossierSpec]) -> None:
    show(forms, "glossary")
    forms._add_term("Teacher")
    forms._add_term("Teacher")
    forms._add_term("")
    assert told[-1].terms == {"Teacher": ""}
    (field,) = forms.findChildren(Words)
    QTest.keyClicks(field, "The model copied.")
    assert told[-1].terms == {"Teacher": "The model copied."}
