from pathlib import Path

import pytest

from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.jobs import dossier
from casekit.jobs.verify_dossier import verify_dossier
from casekit.store.case import Case


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("d.pdf", b"%%EOF", b"%%EOE"), ("d.manifest.json", b'"draft":true', b'"draft":null')],
)
def test_changed_bytes_of_dossier_or_manifest_are_named(
    case: Case, tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    assert verify_dossier(made.path).ok
    changed = tmp_path / name
    changed.write_bytes(changed.read_bytes().replace(old, new))
    assert {d.what for d in verify_dossier(made.path).damaged} == {name}


def test_a_list_of_hashes_that_is_gone_or_emptied_is_missed(case: Case, tmp_path: Path) -> None:
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    made.sums.write_bytes(b"\n")
    assert [d.what for d in verify_dossier(made.path).damaged] == [made.sums.name]
    made.sums.unlink()
    assert [d.what for d in verify_dossier(made.path).damaged] == [made.sums.name]


@pytest.mark.parametrize(
    "named",
    [
        b'"x"',
        b"[1]",
        b'{"files":[1]}',
        b'{"files":{"name":1}}',
        b'{"files":[{"name":"d.pdf.p7s"}]}',
    ],
)
def test_a_manifest_that_names_nonsense_as_its_signature_is_refused(
    case: Case, tmp_path: Path, named: bytes
) -> None:
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    data = made.manifest.read_bytes()
    made.manifest.write_bytes(data[:-2] + b',"signature":' + named + b"}\n")
    with pytest.raises(CaseKitError, match="no manifest"):
        verify_dossier(made.path)


def test_a_dossier_without_its_manifest_is_refused(case: Case, tmp_path: Path) -> None:
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    made.manifest.write_bytes(b"[]")
    with pytest.raises(CaseKitError, match="no manifest"):
        verify_dossier(made.path)
    made.manifest.unlink()
    with pytest.raises(CaseKitError, match="one folder"):
        verify_dossier(made.path)
