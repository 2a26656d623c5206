from pathlib import Path

import pytest

from casekit.dossier.sign import open_key, sign_inside
from casekit.dossier.signatures import beside, check_beside, check_inside
from tests.dossier.conftest import Matter
from tests.pki import PASSWORD, Authorities


def test_an_unsigned_file_has_no_signature(dossier: Matter) -> None:
    assert check_inside(dossier.rendered.path) == []
    assert check_beside(dossier.rendered.path) == []


def test_a_signed_file_cut_anywhere_is_never_called_whole(dossier: Matter, tmp_path: Path) -> None:
    out = tmp_path / "signed.pdf"
    sign_inside(
        dossier.rendered.path, out, open_key(Authorities(tmp_path).key_file(), PASSWORD), "B"
    )
    data = out.read_bytes()
    assert data.startswith(dossier.rendered.path.read_bytes())
    (found,) = check_inside(out)
    assert (found.ok, found.trusted, found.stamps) == (True, None, ())
    for size in range(len(data) - 1, len(data) - 40_000, -997):
        out.write_bytes(data[:size])
        assert not any(one.ok for one in check_inside(out))


@pytest.mark.parametrize(
    "noise", [b"", b"%PDF-1.7", b"\x00" * 100, b"%PDF-1.7\nstartxref\n0\n%%EOF\n"]
)
def test_noise_is_told_and_not_raised(noise: bytes, tmp_path: Path) -> None:
    path = tmp_path / "noise.pdf"
    path.write_bytes(noise)
    assert [one.ok for one in check_inside(path)] == [False]
    for name in beside(path):
        name.write_bytes(noise)
    (one,) = check_beside(path)
    assert (one.ok, one.why != "") == (False, True)
