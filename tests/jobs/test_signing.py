import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from casekit.cli import run
from casekit.dossier.pdfa import Profile
from casekit.dossier.sign import Authority, Level, open_key, read_roots
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.jobs import dossier
from casekit.jobs.signing import Signed, sign_dossier
from casekit.jobs.verify import verify
from casekit.jobs.verify_dossier import verify_dossier
from casekit.ops import exhibits
from casekit.queries import custody
from casekit.store import canonical
from casekit.store.case import Case
from tests import verapdf
from tests.builders import decide_all
from tests.pki import PASSWORD, Authorities, authorities


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    with authorities(tmp_path) as made:
        yield made


@pytest.fixture
def one_exhibit(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "m-1.jsonl").write_text('{"prompt": "Why is the sky blue?", "output": "So."}')
    assert run(["ingest", str(case.folder), str(tmp_path / "m-1.jsonl")]) == 0
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    return case


def issued(case: Case, out: Path, profile: Profile) -> Path:
    return dossier.write(case, DossierSpec(profile=profile), out, issue=True).path


def signed(
    case: Case, pki: Authorities, profile: Profile, level: Level, out: Path | None = None
) -> Signed:
    pdf = issued(case, out or pki.folder / "d.pdf", profile)
    authority = None if level == "B" else Authority(pki.url)
    roots = read_roots([pki.root_file])
    return sign_dossier(case, pdf, open_key(pki.key_file(), PASSWORD), level, authority, roots)


def tool(*command: object, folder: Path) -> subprocess.CompletedProcess[str]:
    name = str(command[0])
    if shutil.which(name) is None:
        package = {
            "pdfsig": "poppler-utils",
            "pdftotext": "poppler-utils",
            "sha256sum": "coreutils",
        }
        pytest.skip(f"missing system package: {package.get(name, name)}")
    return subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(folder)},
    )  # fmt: skip


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(("level", "stamps"), [("B", 0), ("T", 1), ("LTA", 2)])
def test_a_dossier_to_keep_is_signed_inside(
    one_exhibit: Case, pki: Authorities, level: Level, stamps: int
) -> None:
    one = signed(one_exhibit, pki, "archive", level)
    assert (one.where, one.signer, one.beside) == ("inside", "Common Name: Jane Roe", ())
    assert one.before_sha256 != one.after_sha256
    report = verify_dossier(one.path, [pki.root_file])
    assert (report.damaged, report.checked) == ([], {"files": 2, "signatures": 1})
    assert "whole, by Common Name: Jane Roe" in report.notes[0]
    assert one.certificate_sha256 in report.notes[1]
    assert report.notes[1].endswith("rests on a root given")
    assert sum("time stamp" in note for note in report.notes) == stamps
    assert (pki.asked != []) == (level != "B")
    assert ("/crl" in pki.asked) == (level == "LTA")
    done = tool("sha256sum", "-c", "--ignore-missing", "d.SHA256SUMS", folder=pki.folder)
    assert (done.returncode, done.stdout.count(": OK")) == (0, 3)
    done = tool(sys.executable, "-I", "-S", "d.verify.py", folder=pki.folder)
    assert "ok      d.pdf begins with the bytes that were issued" in done.stdout
    assert done.stdout.endswith("All that is here is unchanged.\n"), done.stdout


@pytest.mark.parametrize("level", ["B", "T", "LTA"])
def test_pdfsig_and_verapdf_agree(one_exhibit: Case, pki: Authorities, level: Level) -> None:
    one = signed(one_exhibit, pki, "archive", level)
    done = tool("pdfsig", "-nocert", one.path, folder=pki.folder)
    first = done.stdout.split("Signature #2")[0]
    assert "Signature Validation: Signature is Valid." in first
    assert "Jane Roe" in first
    if level != "LTA":  # a stamp of the whole file follows then
        assert "Total document signed" in first
    flip(one.path, 3000)
    done = tool("pdfsig", "-nocert", one.path, folder=pki.folder)
    assert "Signature is Valid" not in done.stdout.split("Signature #2")[0]
    flip(one.path, 3000)
    if why := verapdf.missing():
        pytest.skip(why)
    assert verapdf.failures(one.path, "3u") == {}


@pytest.mark.parametrize("level", ["B", "T"])
def test_a_dossier_to_file_is_signed_beside_and_openssl_verifies_by_its_own_text(
    one_exhibit: Case, pki: Authorities, level: Level
) -> None:
    one = signed(one_exhibit, pki, "filing", level)
    names = ["d.pdf.p7s", "d.pdf.tsr"][: 1 + (level == "T")]
    assert [p.name for p in one.beside] == names
    assert one.before_sha256 == one.after_sha256
    assert verify_dossier(one.path, [pki.root_file]).damaged == []
    outside = pki.folder / "outside"
    outside.mkdir()
    for path in pki.folder.glob("d.*"):
        shutil.copy(path, outside)
    shutil.copy(pki.root_file, outside / "ROOT.pem")
    text = tool("pdftotext", "-f", "2", "-l", "3", "d.pdf", "-", folder=outside).stdout
    text = re.sub(r"\s+", " ", text)
    patterns = [r"openssl cms -verify .*? -out /dev/null", r"openssl ts -verify .*? ROOT\.pem"]
    checks = []
    for pattern in patterns[: len(names)]:
        found = re.search(pattern, text)
        assert found, f"the dossier does not print {pattern}"
        checks.append(found.group().replace("NAME", "d").split(" "))
    checks += [
        ["sha256sum", "-c", "--ignore-missing", "d.SHA256SUMS"],
        [sys.executable, "-I", "-S", "d.verify.py"],
    ]
    for check in checks:
        done = tool(*check, folder=outside)
        assert done.returncode == 0, done.stdout + done.stderr
    for at in (0, 5000, -1):
        flip(outside / "d.pdf", at)
        for check in checks:
            assert tool(*check, folder=outside).returncode != 0, (check, at)
        flip(outside / "d.pdf", at)
    for name in names:
        flip(outside / name, (outside / name).stat().st_size // 2)
        for check in checks[-2:]:
            assert tool(*check, folder=outside).returncode != 0, (check, name)
        flip(outside / name, (outside / name).stat().st_size // 2)
    (outside / "d.pdf.p7s").unlink()
    assert tool(*checks[-1], folder=outside).returncode == 1


@pytest.mark.parametrize("level", ["B", "T", "LTA"])
@pytest.mark.parametrize("profile", ["archive", "filing"])
def test_every_flipped_byte_is_found(
    one_exhibit: Case, pki: Authorities, profile: Profile, level: Level
) -> None:
    if (profile, level) == ("filing", "LTA"):
        with pytest.raises(CaseKitError, match="choose level T"):
            signed(one_exhibit, pki, profile, level)
        return
    one = signed(one_exhibit, pki, profile, level)
    size = one.path.stat().st_size
    for at in (0, 2000, size // 2, size - 1000, size - 1):
        flip(one.path, at)
        found = {(d.what, d.why) for d in verify_dossier(one.path, [pki.root_file]).damaged}
        assert ("d.pdf", "Its bytes are not those that its manifest names.") in found
        flip(one.path, at)
    for path in one.beside:
        flip(path, path.stat().st_size // 2)
        assert {d.what for d in verify_dossier(one.path).damaged} >= {path.name}
        flip(path, path.stat().st_size // 2)
    assert verify_dossier(one.path).ok


def test_a_signature_is_missed_even_if_all_hashes_are_made_anew(
    one_exhibit: Case, pki: Authorities
) -> None:
    """Whoever takes the signed file, changes it and writes true hashes beside it is found by the signature."""
    from casekit.dossier.manifest import signed_manifest, signed_sums

    one = signed(one_exhibit, pki, "archive", "T")
    manifest, sums = pki.folder / "d.manifest.json", pki.folder / "d.SHA256SUMS"
    told = json.loads(manifest.read_bytes())["signature"]
    data = one.path.read_bytes()
    for flipped, said in (
        (
            data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
            "What was signed is not what lies here.",
        ),
        (data + b"\n", "Something was added to the file after it was signed."),
        (with_a_page_turned(data), "Something was added to the file after it was signed."),
    ):
        one.path.write_bytes(flipped)
        own = hashlib.sha256(flipped).hexdigest()
        manifest.write_bytes(signed_manifest(manifest.read_bytes(), own, told))
        listed = {"d.pdf": own, manifest.name: hashlib.sha256(manifest.read_bytes()).hexdigest()}
        sums.write_bytes(signed_sums(sums.read_bytes(), listed))
        report = verify_dossier(one.path, [pki.root_file])
        assert [(d.what, d.why) for d in report.damaged] == [("d.pdf", said)]
        done = tool(sys.executable, "-I", "-S", "d.verify.py", folder=pki.folder)
        issued_bytes = flipped.startswith(data[: told["issued"]["size"]])
        assert ("CHANGED d.pdf begins with the bytes" in done.stdout) != issued_bytes
        assert done.returncode == (not issued_bytes)


def test_a_signature_taken_out_or_put_in_its_place_is_missed(
    one_exhibit: Case, pki: Authorities, tmp_path: Path
) -> None:
    """What the manifest calls signed bears that certificate's signature, or the check fails."""
    from casekit.dossier.manifest import signed_manifest, signed_sums
    from casekit.dossier.sign import sign_inside

    one = signed(one_exhibit, pki, "archive", "B")
    manifest, sums = pki.folder / "d.manifest.json", pki.folder / "d.SHA256SUMS"
    told = json.loads(manifest.read_bytes())["signature"]
    as_issued = one.path.read_bytes()[: told["issued"]["size"]]
    (tmp_path / "other").mkdir()
    other = open_key(Authorities(tmp_path / "other", key=3).key_file(), PASSWORD)
    (tmp_path / "other" / "i.pdf").write_bytes(as_issued)
    sign_inside(tmp_path / "other" / "i.pdf", tmp_path / "other" / "s.pdf", other, "B")
    for data in (as_issued, (tmp_path / "other" / "s.pdf").read_bytes()):
        one.path.write_bytes(data)
        own = hashlib.sha256(data).hexdigest()
        manifest.write_bytes(signed_manifest(manifest.read_bytes(), own, told))
        listed = {"d.pdf": own, manifest.name: hashlib.sha256(manifest.read_bytes()).hexdigest()}
        sums.write_bytes(signed_sums(sums.read_bytes(), listed))
        found = [(d.what, d.why) for d in verify_dossier(one.path).damaged]
        assert found == [("d.pdf", "The signature that the manifest names is not there.")]


def with_a_page_turned(data: bytes) -> bytes:
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_another_root_is_not_trusted_and_none_is_said(
    one_exhibit: Case, pki: Authorities, tmp_path: Path
) -> None:
    one = signed(one_exhibit, pki, "archive", "T")
    assert verify_dossier(one.path).ok
    assert "not checked against a root" in verify_dossier(one.path).notes[1]
    (tmp_path / "other").mkdir()
    other = Authorities(tmp_path / "other", key=3)
    report = verify_dossier(one.path, [other.root_file])
    assert [d.why for d in report.damaged] == [
        "The signer’s certificate does not rest on a root that was given, or was not valid then.",
        "A time stamp rests on no root given.",
    ]
    with pytest.raises(CaseKitError, match="holds no certificate"):
        verify_dossier(one.path, [one.path])


def test_the_log_says_who_signed_what(one_exhibit: Case, pki: Authorities) -> None:
    one = signed(one_exhibit, pki, "archive", "B")
    with one_exhibit.read() as s:
        last = custody.entries(s)[-1]
    assert (last.op, last.label) == (
        "dossier.sign",
        "Dossier “Dossier of exhibits” signed by Common Name: Jane Roe",
    )
    assert verify(one_exhibit).ok
    with pytest.raises(CaseKitError, match="signed already"):
        sign_dossier(one_exhibit, one.path, open_key(pki.key_file(), PASSWORD), "B")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("refuse", "it refused"), ("noise", "gave no stamp"), ("other", "something else"),
        ("nonce", "gave no stamp"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("profile", ["archive", "filing"])
def test_an_authority_that_gives_no_stamp_changes_nothing(
    one_exhibit: Case, pki: Authorities, profile: Profile, answer: str, said: str
) -> None:
    pdf = issued(one_exhibit, pki.folder / "d.pdf", profile)
    pki.answer = answer
    key = open_key(pki.key_file(), PASSWORD)
    before = {p.name: p.read_bytes() for p in pki.folder.glob("d.*")}
    with one_exhibit.read() as s:
        head = len(custody.entries(s))
    with pytest.raises(CaseKitError, match=said):
        sign_dossier(one_exhibit, pdf, key, "T", Authority(pki.url))
    with pytest.raises(CaseKitError, match="needs a time-stamping authority"):
        sign_dossier(one_exhibit, pdf, key, "T")
    with pytest.raises(CaseKitError, match="gave no stamp"):
        sign_dossier(one_exhibit, pdf, key, "T", Authority("http://127.0.0.1:9/"))
    assert {p.name: p.read_bytes() for p in pki.folder.glob("d.*")} == before
    assert [p.name for p in pki.folder.iterdir() if p.name.startswith(".d")] == []
    with one_exhibit.read() as s:
        assert len(custody.entries(s)) == head


def test_a_log_that_cannot_be_written_leaves_the_files_as_they_were(
    one_exhibit: Case, pki: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.ops import signing

    pdf = issued(one_exhibit, pki.folder / "d.pdf", "filing")
    before = {p.name: p.read_bytes() for p in pki.folder.glob("d.*")}

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(signing, "record_signature", full)
    with pytest.raises(OSError, match="no space"):
        sign_dossier(one_exhibit, pdf, open_key(pki.key_file(), PASSWORD), "B")
    assert {p.name: p.read_bytes() for p in pki.folder.glob("d.*")} == before


@pytest.mark.parametrize(("profile", "level"), [("filing", "T"), ("archive", "B")])
def test_a_power_cut_between_the_names_is_mended_by_signing_again(
    one_exhibit: Case, pki: Authorities, profile: Profile, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def files() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in pki.folder.glob("d.*")}

    states: list[dict[str, bytes]] = []
    named = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target.parent == pki.folder and target.name.startswith("d."):
            states.append(files())
        return named(path, target)

    pdf = issued(one_exhibit, pki.folder / "d.pdf", profile)
    as_issued = pdf.read_bytes()
    key = open_key(pki.key_file(), PASSWORD)
    authority = Authority(pki.url) if level == "T" else None
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        sign_dossier(one_exhibit, pdf, key, level, authority)
    assert len(states) == (4 if level == "T" else 3)
    for state in states:
        assert state["d.pdf"] == as_issued
        for path in pki.folder.glob("d.*"):
            path.unlink()
        for name, data in state.items():
            (pki.folder / name).write_bytes(data)
        sign_dossier(one_exhibit, pdf, key, level, authority)
        report = verify_dossier(pdf, [pki.root_file])
        assert (report.damaged, report.checked["signatures"]) == ([], 1)
        with pytest.raises(CaseKitError, match="signed already"):
            sign_dossier(one_exhibit, pdf, key, level, authority)


def test_only_what_the_case_issued_is_signed(
    one_exhibit: Case, pki: Authorities, tmp_path: Path
) -> None:
    key = open_key(pki.key_file(), PASSWORD)
    draft = dossier.write(one_exhibit, DossierSpec(), tmp_path / "draft.pdf").path
    with pytest.raises(CaseKitError, match="is a draft"):
        sign_dossier(one_exhibit, draft, key, "B")
    pdf = issued(one_exhibit, tmp_path / "d.pdf", "filing")
    data = pdf.read_bytes()
    pdf.write_bytes(data + b"\n")
    with pytest.raises(CaseKitError, match="not as it was issued"):
        sign_dossier(one_exhibit, pdf, key, "B")
    pdf.write_bytes(data)
    manifest = tmp_path / "draft.manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"draft":true', b'"draft":false'))
    with pytest.raises(CaseKitError, match="not as this case issued it"):
        sign_dossier(one_exhibit, draft, key, "B")
    (tmp_path / "d.manifest.json").unlink()
    with pytest.raises(CaseKitError, match="one folder"):
        sign_dossier(one_exhibit, pdf, key, "B")


def test_a_certificate_revoked_or_untold_makes_no_lasting_signature(
    one_exhibit: Case, pki: Authorities
) -> None:
    pdf = issued(one_exhibit, pki.folder / "d.pdf", "archive")
    key = open_key(pki.key_file(), PASSWORD)
    pki.lists = False  # nobody tells whether it was revoked
    with pytest.raises(CaseKitError, match="could not be signed"):
        sign_dossier(one_exhibit, pdf, key, "LTA", Authority(pki.url), read_roots([pki.root_file]))
    pki.lists = True
    pki.revoked.append(key.inner.signing_cert.serial_number)
    with pytest.raises(CaseKitError, match="could not be signed"):
        sign_dossier(one_exhibit, pdf, key, "LTA", Authority(pki.url), read_roots([pki.root_file]))
    assert verify_dossier(pdf).ok


@pytest.fixture
def long_exhibit(case: Case, tmp_path: Path) -> Case:
    """An exhibit of three pictures that no compression makes small, in a PDF."""
    noise = random.Random(4)
    pages = [
        Image.frombytes("L", (380, 500), noise.randbytes(190_000)).convert("RGB") for _ in range(3)
    ]
    pages[0].save(tmp_path / "scan.pdf", "PDF", save_all=True, append_images=pages[1:], quality=95)
    assert run(["ingest", str(case.folder), str(tmp_path / "scan.pdf")]) == 0
    decide_all(case)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    return case


@pytest.mark.parametrize(("profile", "level"), [("filing", "T"), ("accessible", "B")])
def test_every_part_of_a_dossier_is_signed(
    long_exhibit: Case, pki: Authorities, profile: Profile, level: Level
) -> None:
    out = pki.folder / "d.pdf"
    spec = DossierSpec(profile=profile, limit_mb=0.9)
    made = dossier.write(long_exhibit, spec, out, issue=True)
    assert len(made.parts) >= 2
    key = open_key(pki.key_file(), PASSWORD)
    before = {path: path.read_bytes() for path in made.parts}
    authority = Authority(pki.url) if level == "T" else None
    signed = sign_dossier(long_exhibit, made.parts[1], key, level, authority)
    assert signed.path == made.parts[0]
    assert signed.before_sha256 == made.sha256
    manifest = json.loads(made.manifest.read_bytes())
    assert signed.after_sha256 == manifest["dossier"]["sha256"]
    for path, data in before.items():
        assert path.read_bytes().startswith(data)
        assert (path.read_bytes() == data) == (profile == "filing")
    for path in made.parts:
        report = verify_dossier(path, [pki.root_file])
        assert report.damaged == []
        assert report.checked["signatures"] == len(made.parts)
    check = tool(sys.executable, "-I", "-S", made.program.name, folder=pki.folder)
    assert check.returncode == 0, check.stdout
    assert "every file of the dossier is named as signed" in check.stdout
    with pytest.raises(CaseKitError, match="signed already"):
        sign_dossier(long_exhibit, out, key, level, authority)
    with pytest.raises(CaseKitError, match="issued or signed"):
        dossier.write(long_exhibit, spec, out)
    last = made.parts[-1]
    beside = last.with_name(last.name + ".p7s")
    whole = last.read_bytes()
    if profile == "filing":
        beside.unlink()
    else:
        last.write_bytes(before[last])  # the signature taken out again
    assert verify_dossier(out, [pki.root_file]).damaged != []
    assert tool(sys.executable, "-I", "-S", made.program.name, folder=pki.folder).returncode == 1
    last.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "level"), [("filing", "B"), ("accessible", "B")])
def test_signing_parts_is_mended_after_a_power_cut(
    long_exhibit: Case, pki: Authorities, profile: Profile, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def files() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in pki.folder.glob("d*.*")}

    states: list[dict[str, bytes]] = []
    named = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target.parent == pki.folder and target.name.startswith("d"):
            states.append(files())
        return named(path, target)

    spec = DossierSpec(profile=profile, limit_mb=0.9)
    made = dossier.write(long_exhibit, spec, pki.folder / "d.pdf", issue=True)
    key = open_key(pki.key_file(), PASSWORD)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        sign_dossier(long_exhibit, made.path, key, level)
    assert len(states) == 2 + len(made.parts)
    for state in states:
        for path in pki.folder.glob("d*.*"):
            path.unlink()
        for name, data in state.items():
            (pki.folder / name).write_bytes(data)
        sign_dossier(long_exhibit, made.path, key, level)
        report = verify_dossier(made.path, [pki.root_file])
        assert (report.damaged, report.checked["signatures"]) == ([], len(made.parts))


def test_a_part_that_its_signature_would_make_too_long_is_not_signed(
    long_exhibit: Case, pki: Authorities
) -> None:
    spec = DossierSpec(profile="accessible", limit_mb=0.9)
    made = dossier.write(long_exhibit, spec, pki.folder / "d.pdf", issue=True)
    largest = max(path.stat().st_size for path in made.parts)
    _limit(made.manifest, largest + 100)
    before = {path: path.read_bytes() for path in made.files}
    with pytest.raises(CaseKitError, match="with its signature"):
        sign_dossier(long_exhibit, made.path, open_key(pki.key_file(), PASSWORD), "B")
    assert {path: path.read_bytes() for path in made.files} == before


def _limit(manifest: Path, limit: int) -> None:
    content = json.loads(manifest.read_bytes())
    manifest.write_bytes(canonical.encode({**content, "limit": limit}) + b"\n")
