from __future__ import annotations

import sys
from pathlib import Path

import pytest

from casekit import paths
from casekit.errors import CaseKitError
from tests.conftest import ROOT


def test_resources_are_found_in_the_checkout() -> None:
    assert paths.resource("sample") == ROOT / "resources" / "sample"
    with pytest.raises(CaseKitError, match="own file no/such is missing: install it again"):
        paths.resource("no", "such")


def test_a_bundle_and_a_wheel_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources" / "sample").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource("sample") == tmp_path / "_resources" / "sample"
    (tmp_path / "casekit" / "_resources" / "sample").mkdir(parents=True)
    monkeypatch.delattr(sys, "_MEIPASS")
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "casekit" / "paths.py"))
    assert paths.resource("sample") == tmp_path / "casekit" / "_resources" / "sample"


def test_the_users_folders_are_made_where_home_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "new home"))
    assert paths.config_folder() == tmp_path / "new home" / "config"
    assert paths.cache_folder() == tmp_path / "new home" / "cache"
    assert sorted(p.name for p in (tmp_path / "new home").iterdir()) == ["cache", "config"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep them elsewhere")
def test_without_a_home_they_lie_where_the_system_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEKIT_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert paths.config_folder() == tmp_path / ".config" / "casekit"
    assert paths.cache_folder() == tmp_path / ".cache" / "casekit"
