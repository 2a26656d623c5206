from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from casekit.dossier.sign import Authority, open_key, read_roots, where_for
from casekit.errors import CaseKitError
from tests.pki import PASSWORD, Authorities, authorities, new_key


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    with authorities(tmp_path) as made:
        yield made


def test_a_key_is_read_with_its_certificate(pki: Authorities) -> None:
    key = open_key(pki.key_file("Jörg Roe"), PASSWORD)
    assert key.name == "Common Name: Jörg Roe"
    assert len(key.certificate_sha256) == 64
    assert open_key(pki.key_file(password=""), "").name == "Common Name: Jane Roe"
    assert PASSWORD not in repr(key)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": -1, "from_days": -9}, "expired on"),
        ({"from_days": 5}, "valid only from"),
        ({"signs": False}, "not meant for signatures"),
    ],
)
def test_a_certificate_that_cannot_sign_today_is_refused(
    pki: Authorities, options: dict[str, int], said: str
) -> None:
    with pytest.raises(CaseKitError, match=said):
        open_key(pki.key_file(**options), PASSWORD)


def test_what_is_no_key_is_refused_in_a_sentence(pki: Authorities, tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="password is wrong"):
        open_key(pki.key_file(), "wrong")
    with pytest.raises(CaseKitError, match="password is wrong"):
        open_key(pki.key_file(), "")
    for data in (b"", b"-----BEGIN CERTIFICATE-----"):
        (tmp_path / "x.p12").write_bytes(data)
        with pytest.raises(CaseKitError, match="no PKCS#12 file"):
            open_key(tmp_path / "x.p12", "")
    (tmp_path / "x.p12").write_bytes(pki.key_file().read_bytes()[:500])
    with pytest.raises(CaseKitError, match="damaged"):
        open_key(tmp_path / "x.p12", PASSWORD)
    with pytest.raises(CaseKitError, match="cannot be read"):
        open_key(tmp_path / "absent.p12", PASSWORD)


@pytest.mark.parametrize("missing", ["key", "certificate"])
def test_key_and_certificate_must_be_there_both(
    pki: Authorities, tmp_path: Path, missing: str
) -> None:
    own = pki.certificate("Jane Roe", new_key(1))
    made = pkcs12.serialize_key_and_certificates(
        b"x", None if missing == "key" else new_key(1), own if missing == "key" else None,
        [pki.root], BestAvailableEncryption(b"p"),
    )  # fmt: skip
    (tmp_path / "half.p12").write_bytes(made)
    with pytest.raises(CaseKitError, match=f"holds no {missing}"):
        open_key(tmp_path / "half.p12", "p")


def test_roots_are_read_as_pem_and_der(pki: Authorities, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    root = x509.load_pem_x509_certificate(pki.root_file.read_bytes())
    (tmp_path / "root.der").write_bytes(root.public_bytes(Encoding.DER))
    found = read_roots([pki.root_file, tmp_path / "root.der"])
    assert [c.subject.human_friendly for c in found] == ["Common Name: Root of Tests"] * 2
    (tmp_path / "none").write_bytes(b"no certificate")
    with pytest.raises(CaseKitError, match="holds no certificate"):
        read_roots([tmp_path / "none"])


@pytest.mark.parametrize(
    "url", ["", "stamps.example", "file:///etc/passwd", "ftp://x.example", "https://"]
)
def test_only_an_address_of_the_web_is_an_authority(url: str) -> None:
    with pytest.raises(CaseKitError, match="no address"):
        Authority(url)


def test_what_is_filed_is_signed_beside() -> None:
    assert [where_for(p) for p in ("filing", "bundle", "archive")] == ["beside", "beside", "inside"]
