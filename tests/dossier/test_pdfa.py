import hashlib
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

import msgspec
import pikepdf
import pytest

from casekit.dossier.pdfa import Native, Profile, conform, conformance, native_name, srgb
from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.spec import DossierSpec
from casekit.store.case import Case
from tests import verapdf
from tests.dossier.builders import ANSWER, PROMPT, Builder, answer, set_caption
from tests.dossier.conftest import Matter

PROFILES: tuple[Profile, ...] = get_args(Profile)


Drawn = Callable[[Profile], Path]


def draw(dossier: Matter, profile: Profile, folder: Path) -> Path:
    plan = msgspec.structs.replace(dossier.plan, profile=profile)
    return render(plan, dossier.built.originals, folder / f"{profile}.pdf").path


@pytest.fixture(scope="module")
def drawn(dossier: Matter, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The dossier of each profile, to be read only: it is drawn once."""
    folder = tmp_path_factory.mktemp("drawn")
    return cache(lambda profile: draw(dossier, profile, folder))


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
@pytest.mark.parametrize("profile", PROFILES)
def test_verapdf_passes_every_profile(drawn: Drawn, profile: Profile) -> None:
    flavour = "".join(conformance(profile)).lower()
    assert verapdf.failures(drawn(profile), flavour) == {}


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_verapdf_is_one_that_can_fail(drawn: Drawn, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.pdf"
    with pikepdf.open(drawn("filing")) as pdf:
        del pdf.Root.OutputIntents
        pdf.save(spoilt)
    assert "6.2.4.3-2" in verapdf.failures(spoilt, "2u")


def test_what_a_court_files_holds_no_file_and_says_what_it_is(drawn: Drawn) -> None:
    with pikepdf.open(drawn("filing")) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.Names
        assert "/OpenAction" not in pdf.Root
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "U")
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() == srgb()


def test_a_bundle_shows_its_pages_in_the_outline(drawn: Drawn) -> None:
    with pikepdf.open(drawn("bundle")) as pdf:
        page, fit, _, _, size = pdf.Root.OpenAction
        assert (page.objgen, fit, size) == (pdf.pages[0].obj.objgen, pikepdf.Name.XYZ, 1)
        with pdf.open_outline() as outline:
            titles = [str(entry.title) for entry in outline.root]
    assert titles
    assert all(title.endswith("]") and " [p " in title for title in titles)


def test_an_archive_holds_the_exact_record_of_every_exhibit(dossier: Matter, drawn: Drawn) -> None:
    path = drawn("archive")
    with pikepdf.open(path) as pdf:
        names = pdf.Root.Names.EmbeddedFiles.Names
        held = {str(names[n]): names[n + 1].EF.F.read_bytes() for n in range(0, len(names), 2)}
        assert {str(spec.AFRelationship) for spec in pdf.Root.AF} == {"/Source"}
    wanted = {
        native_name(p.label, p.item_id, p.name, p.media_type): p.record_sha256
        for p in dossier.plan.produced
    }
    assert len(wanted) > 5
    assert {name: hashlib.sha256(data).hexdigest() for name, data in held.items()} == wanted
    if shutil.which("pdfdetach"):
        told = subprocess.run(["pdfdetach", "-list", path], capture_output=True, check=True)
        assert told.stdout.startswith(f"{len(wanted)} embedded files".encode())


@pytest.mark.slow
@pytest.mark.timeout(1800)  # veraPDF on a busy machine
@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_verapdf_passes_a_thousand_pages(case: Case, built: Builder, tmp_path: Path) -> None:
    set_caption(case)
    text = "\n\n".join(f"{n}. {ANSWER}" for n in range(77))
    for n in range(40):
        (item_id,) = built.add(f"{n}.json", answer(f"{PROMPT} {n}", text, "Meridian-R1"))
        built.exhibit(item_id, f"A-{n + 1}")
    for profile, flavours in (
        ("filing", ["2u"]),
        ("archive", ["3u"]),
        ("accessible", ["2a", "ua1"]),
    ):
        with case.read() as s:
            decided = plan(s, DossierSpec(profile=profile))
        made = render(decided, built.originals, tmp_path / f"{profile}.pdf")
        assert made.pages > 1000
        assert [verapdf.failures(made.path, each) for each in flavours] == [{}] * len(flavours)


@pytest.mark.parametrize("profile", PROFILES)
def test_equal_plans_give_equal_bytes(
    dossier: Matter, drawn: Drawn, tmp_path: Path, profile: Profile
) -> None:
    assert draw(dossier, profile, tmp_path).read_bytes() == drawn(profile).read_bytes()


@pytest.mark.parametrize(
    ("label", "name", "media_type", "expected"),
    [
        ("A-1", "Secret merger.EML", "", "EX-A-1-7.eml"),
        ("A-1", "record", "application/json", "EX-A-1-7.json"),
        ("Ä/..", "x.$$$", "no/thing", "EX-x-7.bin"),
        ("B 2", "../../etc/passwd", "message/rfc822", "EX-B-2-7.eml"),
    ],
)
def test_the_name_of_a_native_tells_nothing_of_it(
    label: str, name: str, media_type: str, expected: str
) -> None:
    assert native_name(label, 7, name, media_type) == expected


def test_a_media_type_from_the_evidence_cannot_break_the_file() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        conform(pdf, "archive", [Native("a.bin", "a", "text/(evil)\n<<", b"x")], 0)
        assert str(pdf.Root.AF[0].EF.F.Subtype) == "/application/octet-stream"
