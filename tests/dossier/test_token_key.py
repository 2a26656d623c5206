"""Signing with SoftHSM, which keeps keys as a card or security module would."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from casekit.confine import Worker
from casekit.dossier.sign import sign_beside
from casekit.dossier.signatures import check_beside
from casekit.dossier.token_key import open_token
from casekit.errors import CaseKitError
from tests.pki import authorities, new_key

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "2468"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SoftHSM with the token `Court`: certificates `Jane` with her key, `Late`, and `Other` with another's."""
    pytest.importorskip("pkcs11", reason="missing package: python-pkcs11 (extra tokens)")
    if shutil.which("softhsm2-util") is None or not MODULE.is_file():
        pytest.skip("missing system package: softhsm2")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    given = pytest.MonkeyPatch()
    given.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    _tool("--init-token", "--free", "--label", "Court", "--so-pin", "13579", "--pin", PIN)
    with authorities(folder) as pki:
        for n, (label, signs_as, days) in enumerate(
            [("Jane", 1, 30), ("Late", 1, -1), ("Other", 2, 30)], 1
        ):
            key = folder / f"{label}.pem"
            form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            key.write_bytes(new_key(signs_as).private_bytes(*form))
            _tool(
                "--import", key, "--token", "Court", "--label", label, "--id", f"0{n}", "--pin", PIN
            )
            made = pki.certificate(f"{label} Roe", new_key(1), from_days=-9, days=days)
            _put(label, bytes([n]), made.public_bytes(Encoding.DER))
    yield MODULE
    given.undo()


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


@pytest.mark.parametrize(
    ("token", "label", "pin", "said"),
    [
        ("Court", "Jane", "0000", "PIN is wrong"),
        ("Absent", "Jane", PIN, "no token “Absent”"),
        ("Court", "Nobody", PIN, "no certificate “Nobody”"),
        ("Court", "Late", PIN, "expired on"),
    ],
)
def test_what_cannot_sign_is_refused_in_a_sentence(
    module: Path, token: str, label: str, pin: str, said: str
) -> None:
    with pytest.raises(CaseKitError, match=said), open_token(module, token, label, pin):
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
