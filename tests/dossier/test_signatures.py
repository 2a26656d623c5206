from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.confine import Limits, Worker
from casekit.dossier import signatures
from casekit.dossier.sign import open_key, sign_inside
from casekit.dossier.signatures import beside, check_beside, check_inside
from tests.dossier.conftest import Matter
from tests.pki import PASSWORD, Authorities


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(preload=signatures.PRELOAD) as made:
        yield made


def test_an_unsigned_file_has_no_signature(worker: Worker, dossier: Matter) -> None:
    assert check_inside(worker, dossier.rendered.path) == []
    assert check_beside(worker, dossier.rendered.path) == []


def test_a_file_of_anybody_is_read_in_the_worker_alone(
    worker: Worker, dossier: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyhanko.pdf_utils import reader

    def opened(*_: object) -> None:
        raise AssertionError("opened in the process that asks")

    monkeypatch.setattr(reader, "PdfFileReader", opened)
    assert check_inside(worker, dossier.rendered.path) == []


def test_what_no_worker_can_read_is_not_called_whole(dossier: Matter) -> None:
    with Worker(Limits(memory=1)) as starved:
        (one,) = check_inside(starved, dossier.rendered.path)
    assert (one.ok, one.why) == (
        False, "The signature cannot be read (WorkerNotStarted): do not rely on the file."
    )  # fmt: skip


def test_a_signed_file_cut_anywhere_is_never_called_whole(
    worker: Worker, dossier: Matter, tmp_path: Path
) -> None:
    out = tmp_path / "signed.pdf"
    sign_inside(
        dossier.rendered.path, out, open_key(Authorities(tmp_path).key_file(), PASSWORD), "B"
    )
    data = out.read_bytes()
    assert data.startswith(dossier.rendered.path.read_bytes())
    (found,) = check_inside(worker, out)
    assert (found.ok, found.trusted, found.stamps) == (True, None, ())
    for size in range(len(data) - 1, len(data) - 40_000, -997):
        out.write_bytes(data[:size])
        assert not any(one.ok for one in check_inside(worker, out))


@pytest.mark.parametrize(
    "noise", [b"", b"%PDF-1.7", b"\x00" * 100, b"%PDF-1.7\nstartxref\n0\n%%EOF\n"]
)
def test_noise_is_told_and_not_raised(noise: bytes, worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "noise.pdf"
    path.write_bytes(noise)
    assert [one.ok for one in check_inside(worker, path)] == [False]
    for name in beside(path):
        name.write_bytes(noise)
    (one,) = check_beside(worker, path)
    assert (one.ok, one.why != "") == (False, True)
