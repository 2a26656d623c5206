"""Signing with SoftHSM, which keeps keys as a card or security module would."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from casekit.confine import Worker
from casekit.dossier.pdfa import conform
from casekit.dossier.sign import Authority, Level, read_roots, sign_beside, sign_inside
from casekit.dossier.signatures import check_beside, check_inside
from casekit.dossier.token_key import open_token
from casekit.errors import CaseKitError
from tests import verapdf
from tests.pki import Authorities, authorities, new_key

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "2468"


@dataclass(frozen=True)
class Token:
    """A module with a token, and the authorities that its certificates rest on, as long as they answer."""

    module: Path
    pki: Authorities


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """SoftHSM with the token `Court`: certificates `Jane` with her key, `Late`, and `Curve` on a curve."""
    pytest.importorskip("pkcs11", reason="missing package: python-pkcs11 (extra tokens)")
    if shutil.which("softhsm2-util") is None or not MODULE.is_file():
        pytest.skip("missing system package: softhsm2")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    given = pytest.MonkeyPatch()
    given.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    _tool("--init-token", "--free", "--label", "Court", "--so-pin", "13579", "--pin", PIN)
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    curve = ec.generate_private_key(ec.SECP256R1())
    with authorities(folder) as pki:
        keys = (("Jane", new_key(1), 30), ("Late", new_key(1), -1), ("Curve", curve, 30))
        for n, (label, key, days) in enumerate(keys, 1):
            path = folder / f"{label}.pem"
            path.write_bytes(key.private_bytes(*form))
            own = ("--label", label, "--id", f"0{n}", "--pin", PIN)
            _tool("--import", path, "--token", "Court", *own)
            made = pki.certificate(f"{label} Roe", key, from_days=-9, days=days)
            _put(label, bytes([n]), made.public_bytes(Encoding.DER))
        yield Token(MODULE, pki)
    given.undo()


@pytest.fixture(scope="module")
def module(token: Token) -> Path:
    """The module of the token."""
    return token.module


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A page to keep, PDF/A-3u."""
    target = tmp_path_factory.mktemp("archived") / "d.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            xmp["dc:title"] = "Dossier"
        conform(pdf, "archive", (), 0)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, min_version="1.7")
    return target.read_bytes()


def _tool(*arguments: object) -> None:
    done = subprocess.run(
        ["softhsm2-util", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _put(label: str, number: bytes, der: bytes) -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    library = pkcs11.lib(str(MODULE))
    library.reinitialize()
    with library.get_token(token_label="Court").open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {**decode_x509_certificate(der), pkcs11.Attribute.LABEL: label, pkcs11.Attribute.ID: number,
             pkcs11.Attribute.TOKEN: True}
        )  # fmt: skip


def test_a_key_on_a_token_signs_and_the_signature_holds(module: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "d.pdf"
    pdf.write_bytes(b"%PDF-1.7 of evidence")
    with open_token(module, "Court", "Jane", PIN) as signer:
        assert (signer.name, len(signer.certificate_sha256)) == ("Common Name: Jane Roe", 64)
        assert PIN not in repr(signer)
        for ending, data in sign_beside(pdf, signer, "B").items():
            (tmp_path / f"d.pdf{ending}").write_bytes(data)
    with Worker() as worker:
        (found,) = check_beside(worker, pdf)
        assert (found.ok, found.signer) == (True, "Common Name: Jane Roe")
        pdf.write_bytes(b"%PDF-1.7 of Evidence")
        (found,) = check_beside(worker, pdf)
        assert not found.ok


@pytest.mark.parametrize("level", ["B", "T", "LTA"])
@pytest.mark.parametrize("label", ["Jane", "Curve"])
def test_a_token_signs_inside_a_file_at_every_level(
    token: Token, archived: bytes, tmp_path: Path, label: str, level: Level
) -> None:
    """The signed file begins with what was issued, stays PDF/A-3u, and every program finds a changed byte."""
    pdf, out = tmp_path / "d.pdf", tmp_path / "signed.pdf"
    pdf.write_bytes(archived)
    authority = None if level == "B" else Authority(token.pki.url)
    roots = read_roots([token.pki.root_file])
    with open_token(token.module, "Court", label, PIN) as signer:
        sign_inside(pdf, out, signer, level, authority, roots)
    assert out.read_bytes().startswith(archived)
    with Worker() as worker:
        (found,) = check_inside(worker, out, roots)
        assert (found.ok, found.signer, found.why) == (True, f"Common Name: {label} Roe", "")
        assert len(found.stamps) == {"B": 0, "T": 1, "LTA": 2}[level]
        data = out.read_bytes()
        out.write_bytes(data[:3000] + bytes([data[3000] ^ 1]) + data[3001:])
        assert not any(one.ok for one in check_inside(worker, out, roots))
    out.write_bytes(data)
    if shutil.which("pdfsig") is not None:
        told = subprocess.run(
            ["pdfsig", "-nocert", out], capture_output=True, text=True, check=False
        )
        assert "Signature is Valid." in told.stdout.split("Signature #2")[0]
    if not verapdf.missing():
        assert verapdf.failures(out, "3u") == {}


@pytest.mark.parametrize("label", ["Jane", "Curve"])
def test_a_token_signs_beside_with_a_stamp_and_openssl_agrees(
    token: Token, tmp_path: Path, label: str
) -> None:
    pdf = tmp_path / "d.pdf"
    pdf.write_bytes(b"%PDF-1.7 of evidence")
    with open_token(token.module, "Court", label, PIN) as signer:
        for ending, data in sign_beside(pdf, signer, "T", Authority(token.pki.url)).items():
            (tmp_path / f"d.pdf{ending}").write_bytes(data)
    with Worker() as worker:
        (found,) = check_beside(worker, pdf, read_roots([token.pki.root_file]))
        assert (found.ok, len(found.stamps)) == (True, 2)  # of the signature, and of the file
    if shutil.which("openssl") is None:
        pytest.skip("missing system package: openssl")
    root = str(token.pki.root_file)
    for command in (
        ["cms", "-verify", "-binary", "-inform", "DER", "-in", "d.pdf.p7s", "-content", "d.pdf",
         "-CAfile", root, "-purpose", "any", "-out", os.devnull],
        ["ts", "-verify", "-data", "d.pdf", "-in", "d.pdf.tsr", "-CAfile", root],
    ):  # fmt: skip
        done = subprocess.run(["openssl", *command], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("token_label", "label", "pin", "said"),
    [
        ("Court", "Jane", "0000", "PIN is wrong"),
        ("Absent", "Jane", PIN, "no token “Absent”"),
        ("Court", "Nobody", PIN, "no certificate “Nobody”"),
        ("Court", "Late", PIN, "expired on"),
    ],
)
def test_what_cannot_sign_is_refused_in_a_sentence(
    module: Path, token_label: str, label: str, pin: str, said: str
) -> None:
    with pytest.raises(CaseKitError, match=said), open_token(module, token_label, label, pin):
        pass


def test_no_module_and_no_key_are_said(tmp_path: Path) -> None:
    pytest.importorskip("pkcs11", reason="missing package: python-pkcs11 (extra tokens)")
    with (
        pytest.raises(CaseKitError, match="is not there"),
        open_token(tmp_path / "x.so", "", "a", ""),
    ):
        pass
    (tmp_path / "x.so").write_bytes(b"no library")
    with (
        pytest.raises(CaseKitError, match="could not be opened"),
        open_token(tmp_path / "x.so", "", "a", ""),
    ):
        pass
