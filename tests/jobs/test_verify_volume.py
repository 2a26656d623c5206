import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import production
from casekit.jobs.verify_volume import is_volume, verify_volume
from casekit.store.case import Case
from tests.builders import decide_all


@pytest.fixture
def volume(case: Case, tmp_path: Path) -> Path:
    """A volume with a picture, its native and a text."""
    Image.new("RGB", (60, 40), "red").save(tmp_path / "red.png")
    (tmp_path / "note.txt").write_text("a note")
    ingest(case, [tmp_path / "red.png"])
    ingest(case, [tmp_path / "note.txt"])
    decide_all(case)
    wish = Wish(prefix="ABC", images="tiff", tables=("csv",))
    return production.write(case, production.plan(case, "*", wish), tmp_path / "out").path


def _program(volume: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *more], cwd=volume, capture_output=True, text=True
    )
    return done.returncode, done.stdout


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.rindex(b"CaseKit ") + 8 if path.suffix == ".json" else len(data) // 2
    data[at] ^= 1
    path.write_bytes(data)


def test_a_volume_is_unchanged_as_it_was_written(volume: Path) -> None:
    assert is_volume(volume)
    assert not is_volume(volume.parent)
    assert verify_volume(volume).damaged == []
    code, told = _program(volume)
    assert (code, "All is unchanged." in told) == (0, True)
    digest = told.splitlines()[0].rpartition(" ")[2]
    assert _program(volume, "--expect", digest)[0] == 0
    assert _program(volume, "--expect", "0" * 64)[0] == 1


@pytest.mark.parametrize(
    "pattern",
    ["IMAGES/*/*.tif", "IMAGES/*/*.jpg", "NATIVES/*/*.png", "TEXT/*/*.txt", "DATA/*.DAT", "DATA/*.OPT",
     "DATA/*.CSV", "manifest.json", "verify.py"],
)  # fmt: skip
def test_an_altered_byte_is_found_in_every_kind_of_file(volume: Path, pattern: str) -> None:
    changed = sorted(volume.glob(pattern))[0]
    _flip(changed)
    name = changed.relative_to(volume).as_posix()
    if name == "manifest.json":
        assert _program(volume)[0] == 1
        assert [d.what for d in verify_volume(volume).damaged] == ["manifest.json"]
        return
    assert name in [d.what for d in verify_volume(volume).damaged]
    if name != "verify.py":
        code, told = _program(volume)
        assert (code, f"CHANGED {name}" in told) == (1, True)


def _remove(volume: Path) -> None:
    next(volume.glob("NATIVES/*/*.png")).unlink()


def _add(volume: Path) -> None:
    (volume / "NATIVES" / "more.txt").write_text("x")


def _link_out(volume: Path) -> None:
    (native,) = volume.glob("NATIVES/*/*.png")
    shutil.copy(native, volume.parent / "elsewhere.png")
    native.unlink()
    native.symlink_to(volume.parent / "elsewhere.png")


@pytest.mark.parametrize("change", [_remove, _add, _link_out])
def test_what_is_missing_or_added_is_found(volume: Path, change: Callable[[Path], None]) -> None:
    change(volume)
    assert len(verify_volume(volume).damaged) == 1
    assert _program(volume)[0] == 1


def test_a_folder_without_its_lists_is_refused(volume: Path) -> None:
    (volume / "SHA256SUMS").unlink()
    with pytest.raises(CaseKitError, match="cannot be verified"):
        verify_volume(volume)
    assert _program(volume)[0] == 2
