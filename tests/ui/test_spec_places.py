import pytest

from casekit.dossier.spec import Certificate, DossierSpec, Offered
from casekit.ui.spec_places import value_at, with_certificate, with_value, without_certificate

SPEC = DossierSpec(
    title="T", narrative={"scope": "all"}, offered={"F-1": Offered("summary", "here")},
    certificates=(Certificate("copies", {"name": "Ada", "hashing": "by hand"}, signed_in="us"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("title", "Other"), ("dpi", 200), ("machine_texts", True), ("words", "eu"), ("limit_mb", 35.0),
        ("narrative/scope", "some"), ("narrative/gaps", "none"), ("method/design", "by lot"),
        ("certificates/0/name", "Bob"), ("certificates/0/signed_in", "abroad"),
        ("certificates/0/exhibits", ("A-1",)), ("certificates/0/place", "Oslo"),
        ("offered/F-1/preparer", "Ada"), ("offered/F-1/kind", "aid"), ("offered/parties/kind", "aid"),
    ],
)  # fmt: skip
def test_a_value_put_in_a_place_is_found_there_and_nothing_else_changes(
    place: str, value: object
) -> None:
    changed = with_value(SPEC, place, value)
    assert value_at(changed, place) == value
    assert with_value(changed, place, value_at(SPEC, place)) == SPEC


def test_an_empty_text_takes_the_entry_away() -> None:
    assert with_value(SPEC, "narrative/scope", "").narrative == {}
    assert with_value(SPEC, "certificates/0/name", "").certificates[0].fields == {
        "hashing": "by hand"
    }
    assert with_value(SPEC, "offered/F-1/kind", "").offered == {}
    assert with_value(SPEC, "offered/S-1/preparer", "x").offered == SPEC.offered


def test_another_kind_keeps_what_it_has_a_place_for() -> None:
    changed = with_value(SPEC, "certificates/0/kind", "process").certificates[0]
    assert changed == Certificate("process", {"name": "Ada"}, signed_in="us")


def test_certificates_come_empty_and_go() -> None:
    more = with_certificate(SPEC, "records")
    assert more.certificates[1] == Certificate("records")
    assert without_certificate(more, 1) == SPEC
