from pathlib import Path

import pytest

from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.spec import ASKED, SECTIONS, Certificate, DossierSpec, Offered
from casekit.dossier.wording import wording
from casekit.ops import matter
from casekit.ops.matter import PROFILES
from casekit.store.case import Case
from tests import verapdf
from tests.dossier.builders import Builder
from tests.dossier.conftest import Matter

WHOLE = DossierSpec(
    sections=SECTIONS,
    certificates=(Certificate("copies"), Certificate("records", signed_in="us")),
    offered={"chronology": Offered("summary"), "parties": Offered("aid")},
    narrative={"scope": "我们的系统 <b>all</b> \u200b🙂 " + "and every account " * 300},
)


def test_only_what_is_asked_for_is_made(dossier: Matter) -> None:
    assert dossier.plan.further == {}
    with dossier.case.read() as s:
        assert list(plan(s, DossierSpec(sections=("parties",))).further) == ["parties"]


@pytest.mark.parametrize(
    ("profile", "flavours"),
    [
        ("filing", ["2u"]),
        pytest.param("archive", ["3u"], marks=pytest.mark.slow),
        pytest.param("accessible", ["2a", "ua1"], marks=pytest.mark.slow),
    ],
)
def test_all_sections_together_are_good_pages(
    dossier: Matter, tmp_path: Path, profile: str, flavours: list[str]
) -> None:
    import msgspec

    with dossier.case.read() as s:
        decided = plan(s, msgspec.structs.replace(WHOLE, profile=profile))
    assert set(decided.further) == ASKED - {"imports"}
    first = render(decided, dossier.built.originals, tmp_path / "a.pdf")
    again = render(decided, dossier.built.originals, tmp_path / "b.pdf")
    assert first.sha256 == again.sha256
    if not verapdf.missing():
        assert [verapdf.failures(first.path, each) for each in flavours] == [{}] * len(flavours)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_wording_has_what_the_sections_say(case: Case, built: Builder, profile: str) -> None:
    with case.write() as s:
        matter.set_matter(s, {"profile": profile})
    with case.read() as s:
        assert set(plan(s, WHOLE).further) == ASKED - {"imports"}
    for name in SECTIONS:
        assert wording(profile)(f"section.{name}")
