from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from casekit.dossier import render as rendering
from casekit.dossier.pdfa import Profile
from casekit.dossier.preflight import faults
from casekit.errors import CaseKitError
from tests.dossier.conftest import Matter


def act(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Annots = Array(
            [pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), F=4,
                                          A=pdf.make_indirect(Dictionary(S=Name(f"/{kind}")))))]
        )  # fmt: skip

    return spoil


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"x"


def no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def open_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)


def form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def own_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary()


def font(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )


def unseen(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array(
        [pdf.make_indirect(Dictionary(Subtype=Name.Text, Rect=Array([0, 0, 1, 1]), F=0))]
    )


def cmyk(pdf: pikepdf.Pdf) -> None:
    picture = pikepdf.Stream(pdf, b"\0" * 4)
    picture.ColorSpace = Name.DeviceCMYK
    pdf.Root.Extra = pdf.make_indirect(picture)


def part(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["pdfaid:part"] = "1"


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (act("JavaScript"), "leads out"), (act("URI"), "leads out"), (act("Launch"), "leads out"),
        (attach, "attached"), (no_intent, "colours mean"), (open_action, "act when"), (form, "form"),
        (own_action, "by itself"), (font, "Helvetica is not embedded"), (unseen, "not be printed"),
        (cmyk, "for print"), (part, "PDF/A"), (no_language, "language"),
    ],
)  # fmt: skip
def test_what_a_court_would_refuse_is_found(
    dossier: Matter, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None], said: str
) -> None:
    assert faults(dossier.rendered.path, "filing") == []
    spoilt = tmp_path / "spoilt.pdf"
    with pikepdf.open(dossier.rendered.path) as pdf:
        spoil(pdf)
        pdf.save(spoilt)
    assert said in " ".join(faults(spoilt, "filing"))


def test_an_encrypted_file_is_found(dossier: Matter, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(dossier.rendered.path) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "encrypted" in faults(locked, "filing")[0]


def test_a_file_that_would_be_refused_is_not_written(
    dossier: Matter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: Path, _profile: Profile) -> list[str]:
        return ["The file holds a form."]

    monkeypatch.setattr(rendering, "faults", refuse)
    with pytest.raises(CaseKitError, match="refused: The file holds a form"):
        rendering.render(dossier.plan, dossier.built.originals, tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_text_is_no_crash(dossier: Matter, tmp_path: Path) -> None:
    odd = tmp_path / "odd.pdf"
    with pikepdf.open(dossier.rendered.path) as pdf:
        pdf.Root.Extra = pdf.make_indirect(
            Dictionary(S=String("x"), Rect=Array(), Subtype=Name.Link)
        )
        pdf.save(odd)
    assert faults(odd, "filing") == ["A mark on a page would not be printed."]
