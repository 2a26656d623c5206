from __future__ import annotations

import msgspec
import pytest

from casekit import paths
from casekit.dossier.spec import Certificate, DossierSpec, Offered, decode
from casekit.dossier.templates import SHIPPED, applied, keep, template, templates, without_facts
from casekit.errors import CaseKitError

FULL = DossierSpec(
    title="T", exhibits=("A-1",), findings=(1,), designation="SEALED", offered_by="Plaintiff",
    sections=("cover", "collection", "certificates", "exhibits"), profile="bundle", words="eu", dpi=200,
    narrative={"scope": "all"}, method={"design": "x"}, terms={"a": "b"},
    offered={"F-1": Offered("aid")}, certificates=(Certificate("copies", {"name": "Ada"}, ("A-1",), "us"),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def test_every_shipped_template_can_be_used_and_holds_no_fact() -> None:
    assert tuple(one.name for one in templates()) == SHIPPED
    for one in templates():
        file = paths.resource("templates", f"{one.name}.json")
        assert decode(file.read_bytes(), unfinished=True) == one.spec
        assert without_facts(one.spec) == one.spec
        assert "exhibits" in one.spec.sections


def test_a_template_of_the_users_own_has_the_make_up_and_no_fact() -> None:
    keep("Our court", FULL)
    kept = template("Our court")
    assert kept == DossierSpec(
        sections=FULL.sections, profile="bundle", words="eu", dpi=200,
        certificates=(Certificate("copies"),),
    )  # fmt: skip
    assert (kept.sections, kept.profile, kept.words, kept.dpi) == (
        FULL.sections, "bundle", "eu", 200,
    )  # fmt: skip
    assert kept.certificates == (Certificate("copies"),)
    said = kept.encoded().decode()
    for fact in ("SEALED", "Plaintiff", "all", "A-1", "Ada", "F-1"):
        assert f'"{fact}"' not in said
    assert [one.name for one in templates() if one.own] == ["Our court"]


def test_the_make_up_of_a_template_leaves_what_was_stated() -> None:
    made = applied(template("archive"), FULL)
    assert (made.profile, made.sections) == ("archive", template("archive").sections)
    assert (made.narrative, made.certificates, made.exhibits) == (
        FULL.narrative, FULL.certificates, FULL.exhibits,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "archive", "x" * 61, "a\nb"])
def test_a_name_that_is_no_name_of_a_file_is_refused(name: str) -> None:
    with pytest.raises(CaseKitError):
        keep(name, FULL)
    assert [one.name for one in templates() if one.own] == []


def test_a_damaged_template_is_left_out_and_an_unknown_one_refused() -> None:
    keep("Good", FULL)
    folder = paths.config_folder() / "templates"
    (folder / "Bad.json").write_text("{")
    assert [one.name for one in templates() if one.own] == ["Good"]
    with pytest.raises(CaseKitError, match="Good"):
        template("Bad")
    assert template("Good") == msgspec.structs.replace(without_facts(FULL))
