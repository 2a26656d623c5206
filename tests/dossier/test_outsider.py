"""A stranger with the PDF and what lies beside it, without CaseKit and without its packages.

The commands are taken from the dossier's own text, as `pdftotext` reads it, and run as they stand.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.store import canonical
from tests.dossier.conftest import Matter

TOOLS = ("pdftotext", "sha256sum", "openssl")
PACKAGES = {"pdftotext": "poppler-utils", "sha256sum": "coreutils", "openssl": "openssl"}


@pytest.fixture
def outside(dossier: Matter, tmp_path: Path) -> Path:
    """A folder with what a court or the other side gets, and two natives; the PDF."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"missing system package: {PACKAGES[tool]}")
    made = dossier.rendered
    for path in (made.path, made.manifest, made.sums, made.program):
        shutil.copy(path, tmp_path)
    one = dossier.plan.produced[0]
    (tmp_path / "natives").mkdir()
    (tmp_path / "natives" / "record.bin").write_bytes(dossier.built.originals.raw(one.item_id))
    with dossier.case.vault.open(bytes.fromhex(one.original_sha256)) as f:
        (tmp_path / "natives" / "file.bin").write_bytes(f.read())
    return tmp_path / made.path.name


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
    )  # fmt: skip


def printed(pdf: Path) -> str:
    """The page that says how to verify, in one line of words."""
    done = run(["pdftotext", "-f", "2", "-l", "3", pdf.name, "-"], pdf.parent)
    return re.sub(r"\s+", " ", done.stdout)


def command(text: str, pattern: str, pdf: Path) -> list[str]:
    """A command as it is printed, with this dossier's name in it."""
    found = re.search(pattern, text)
    assert found, f"the dossier does not print {pattern}"
    words = found.group().replace("NAME", pdf.stem).split(" ")
    return [sys.executable, "-I", "-S", *words[1:]] if words[0] == "python3" else words


CHECKS = (r"sha256sum -c --ignore-missing NAME\.SHA256SUMS", r"python3 NAME\.verify\.py")


def test_the_printed_commands_pass(outside: Path) -> None:
    text = printed(outside)
    for pattern in CHECKS:
        done = run(command(text, pattern, outside), outside.parent)
        assert done.returncode == 0, done.stdout + done.stderr
    done = run(command(text, r"python3 NAME\.verify\.py", outside), outside.parent)
    assert "natives/record.bin is the record of Exhibit" in done.stdout
    assert "natives/file.bin is the file of Exhibit" in done.stdout
    assert done.stdout.endswith("All that is here is unchanged.\n")
    own = run(command(text, r"openssl dgst -sha256 NAME\.pdf", outside), outside.parent).stdout
    sha256 = own.split("= ")[1].strip()
    assert sha256 in outside.with_name(outside.stem + ".manifest.json").read_text()
    program = [sys.executable, "-I", "-S", outside.stem + ".verify.py", "--expect"]
    assert run([*program, sha256.upper()], outside.parent).returncode == 0
    assert run([*program, "0" * 64], outside.parent).returncode == 1
    for windows in ("certutil -hashfile NAME.pdf SHA256", "Get-FileHash NAME.pdf"):
        assert windows in text


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def in_manifest(old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(pdf: Path) -> None:
        path = pdf.with_name(pdf.stem + ".manifest.json")
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return change


def reformatted(pdf: Path) -> None:
    import json

    path = pdf.with_name(pdf.stem + ".manifest.json")
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))


def one_more_page(pdf: Path) -> None:
    import pikepdf

    with pikepdf.open(pdf, allow_overwriting_input=True) as changed:
        changed.add_blank_page()
        changed.save(pdf)


TAMPERED: dict[str, Callable[[Path], None]] = {
    "first byte": lambda pdf: flipped(pdf, 0),
    "last byte": lambda pdf: flipped(pdf, -1),
    "a byte in the middle": lambda pdf: flipped(pdf, pdf.stat().st_size // 2),
    "a byte appended": lambda pdf: pdf.write_bytes(pdf.read_bytes() + b"\n"),
    "a page more": one_more_page,
    "cut short": lambda pdf: pdf.write_bytes(pdf.read_bytes()[:-100]),
    "a draft called issued": in_manifest(b'"draft":true', b'"draft":false'),
    "an exhibit renamed": in_manifest(b'"label":"', b'"label":"X'),
    "the manifest in another form": reformatted,
    "the program changed": lambda pdf: flipped(pdf.with_name(pdf.stem + ".verify.py"), 60),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_they_fail_on_what_was_tampered_with(outside: Path, how: str) -> None:
    text = printed(outside)
    checks = [command(text, pattern, outside) for pattern in CHECKS]
    TAMPERED[how](outside)
    if how == "the program changed":
        checks.pop()  # what was changed can say anything: the list tells
    for check in checks:
        done = run(check, outside.parent)
        assert done.returncode != 0, done.stdout


@pytest.mark.parametrize("name", ["{above}/a.txt", "../a.txt", "natives/../../a.txt"])
def test_a_list_that_leads_out_of_the_folder_is_not_followed(outside: Path, name: str) -> None:
    folder = outside.parent / "inner"
    folder.mkdir()
    for path in outside.parent.glob(f"{outside.stem}.*"):
        shutil.copy(path, folder)
    (folder / "natives").mkdir()
    (outside.parent / "a.txt").write_bytes(b"somebody's own")
    own = hashlib.sha256(b"somebody's own").hexdigest()
    with (folder / f"{outside.stem}.SHA256SUMS").open("a") as f:
        f.write(f"{own}  {name.format(above=outside.parent)}\n")
    done = run([sys.executable, "-I", "-S", outside.stem + ".verify.py"], folder)
    assert done.returncode == 1
    assert "is no line of such a list" in done.stdout
    assert "a.txt\n" not in done.stdout


def test_a_manifest_that_is_none_is_said_in_a_sentence(outside: Path) -> None:
    for data in (b"", b"[]", b"\xff", b'{"dossier": 1}'):
        outside.with_name(outside.stem + ".manifest.json").write_bytes(data)
        done = run([sys.executable, "-I", "-S", outside.stem + ".verify.py"], outside.parent)
        assert (done.returncode, done.stderr) == (2, "")
        assert "could not be made" in done.stdout


def test_its_one_form_of_a_manifest_is_ours(dossier: Matter) -> None:
    space: dict[str, object] = {"__name__": "verify"}
    exec(compile(dossier.rendered.program.read_text(), "verify.py", "exec"), space)
    form = space["canonical"]
    assert callable(form)
    value = {
        "é": '\x00\x1f\x7f\u2028\U0001f600"\\',
        "a": [1, True, None, {"z": "", "b": "é"}],
        "A": -1,
    }
    assert form(value) == canonical.encode(value) + b"\n"
