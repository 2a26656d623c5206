from pathlib import Path

import pytest

from casekit.store import places


def test_a_folder_of_this_computer_is_safe(tmp_path: Path) -> None:
    assert places.warnings(tmp_path) == []


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Firm", "Google Drive", "Nextcloud"])
def test_sync_folders_are_warned_about(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "c").mkdir(parents=True)
    assert [w for w in places.warnings(tmp_path / name / "c") if name in w]


def test_network_drives_are_warned_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "file_system", lambda _: "cifs")
    assert "network drive (cifs)" in places.warnings(tmp_path)[0]
