import json
import random
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from casekit.cli import run
from casekit.dossier.preflight import faults
from casekit.ops import exhibits
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.store.case import Case


def test_two_drafts_of_an_unchanged_case_are_the_same_bytes(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for name in ("one", "two"):
        assert run(["dossier", str(case.folder), str(tmp_path / f"{name}.pdf"), "--json"]) == 0
        printed.append(json.loads(capsys.readouterr().out))
    assert printed[0]["sha256"] == printed[1]["sha256"]
    assert {k: printed[0][k] for k in ("exhibits", "withheld", "manifest")} == {
        "exhibits": 0,
        "withheld": 0,
        "manifest": str(tmp_path / "one.manifest.json"),
    }
    assert run(["verify", str(tmp_path / "one.pdf")]) == 0


def test_a_spec_is_read_and_a_wrong_one_refused(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.json").write_text('{"title": "For the hearing", "sections": ["cover"]}')
    out = str(tmp_path / "d.pdf")
    assert run(["dossier", str(case.folder), out, "--spec", str(tmp_path / "spec.json")]) == 0
    (tmp_path / "spec.json").write_text('{"tilte": "x"}')
    assert run(["dossier", str(case.folder), out, "--spec", str(tmp_path / "spec.json")]) == 2
    assert "tilte" in capsys.readouterr().err


def test_what_machines_read_is_printed_if_asked(case: Case, tmp_path: Path) -> None:
    Image.new("L", (60, 40), 200).save(tmp_path / "scan.png")
    assert run(["ingest", str(case.folder), str(tmp_path / "scan.png")]) == 0
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
        read = Recognised(1, "page/1", "zanzibar", "tesseract", "5.3", "eng", 300, 90, bytes(32))
        add_machine_texts(s, [read])
    printed = []
    for name, options in (("without", []), ("with", ["--machine-texts"])):
        out = tmp_path / f"{name}.pdf"
        assert run(["dossier", str(case.folder), str(out), *options]) == 0
        pdf = pypdfium2.PdfDocument(out)
        printed.append("zanzibar" in "".join(page.get_textpage().get_text_range() for page in pdf))
        pdf.close()
    assert printed == [False, True]


def test_the_profile_can_be_named_without_a_spec(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "d.pdf"
    assert run(["dossier", str(case.folder), str(out), "--profile", "archive"]) == 0
    assert faults(out, "archive") == []
    assert faults(out, "filing") == [
        "The file does not say that it is PDF/A, or says the wrong part."
    ]


def test_damaged_evidence_is_not_printed(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m-1.jsonl").write_text('{"prompt": "Why?", "output": "So."}')
    assert run(["ingest", str(case.folder), str(tmp_path / "m-1.jsonl")]) == 0
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    (original,) = case.vault.names()
    path = case.folder / "vault" / original.hex()[:2] / original.hex()
    path.chmod(0o640)
    path.write_bytes(path.read_bytes().replace(b"So.", b"No."))
    spec = tmp_path / "spec.json"
    spec.write_text('{"raw": "all"}')
    code = run(["dossier", str(case.folder), str(tmp_path / "d.pdf"), "--spec", str(spec)])
    assert (code, (tmp_path / "d.pdf").exists()) == (2, False)
    assert run(["verify", str(case.folder)]) == 1
    assert "Exhibit A-1" in capsys.readouterr().out


def test_a_limit_is_given_in_megabytes_or_by_court(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = random.Random(4)
    pages = [Image.frombytes("L", (380, 500), noise.randbytes(190_000)) for _ in range(3)]
    pages[0].save(tmp_path / "scan.pdf", "PDF", save_all=True, append_images=pages[1:], quality=95)
    assert run(["ingest", str(case.folder), str(tmp_path / "scan.pdf")]) == 0
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    out = str(tmp_path / "d.pdf")
    capsys.readouterr()
    assert run(["dossier", str(case.folder), out, "--limit", "0.9", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["parts"]) >= 2
    assert all(Path(part).stat().st_size <= 900_000 for part in told["parts"])
    assert run(["dossier", str(case.folder), out, "--limit", "utb", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parts"] == []
    assert run(["dossier", str(case.folder), out, "--limit", "much"]) != 0
    assert "utb" in capsys.readouterr().err


def test_a_public_and_a_sealed_copy_are_written_together(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.txt").write_bytes(b"What was seen by the xylophone player.")
    assert run(["ingest", str(case.folder), str(tmp_path / "note.txt")]) == 0
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
    assert run(["redact", str(case.folder), "1", "--words", "xylophone"]) == 0
    out, sealed = tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf"
    capsys.readouterr()
    assert run(["dossier", str(case.folder), str(out), "--sealed", str(sealed), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sealed_sha256"]) == 64
    assert run(["verify", str(out)]) == run(["verify", str(sealed)]) == 0
    texts = []
    for path in (out, sealed):
        with pypdfium2.PdfDocument(path) as pdf:
            texts.append("".join(page.get_textpage().get_text_bounded() for page in pdf))
    assert ["xylophone" in text for text in texts] == [False, True]
