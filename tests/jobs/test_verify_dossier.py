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


def test_a_dossier_without_its_manifest_is_refused(case: Case, tmp_path: Path) -> None:
    made = dossier.write(case, DossierSpec(), tmp_path / "d.pdf")
    made.manifest.write_bytes(b"[]")
    with pytest.raises(CaseKitError, match="no manifest"):
        verify_dossier(made.path)
    made.manifest.unlink()
    with pytest.raises(CaseKitError, match="one folder"):
        verify_dossier(made.path)
