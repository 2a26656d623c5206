import hashlib
import json
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.sealing import give_name, put, seal, settle
from casekit.jobs.verify_volume import verify_volume


def test_all_files_are_listed_with_their_hashes(tmp_path: Path) -> None:
    folder = tmp_path / "VOL001"
    files = {"TEXT/0001/A-1.txt": put(folder / "TEXT/0001/A-1.txt", b"words")}
    digest = seal(folder, {"v": 1, "volume": "VOL001"}, files, {"TEXT/0001/A-1.txt": "A-1"})
    settle(folder)
    manifest = (folder / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() == digest
    told = {each["path"]: each for each in json.loads(manifest)["files"]}
    text = told["TEXT/0001/A-1.txt"]
    assert (text["bates"], text["role"], text["size"]) == ("A-1", "text", 5)
    assert text["sha256"] == hashlib.sha256(b"words").hexdigest()
    assert verify_volume(folder).damaged == []


def test_a_folder_that_cannot_get_its_name_is_named(tmp_path: Path) -> None:
    building, out = tmp_path / ".VOL001-0", tmp_path / "VOL001"
    building.mkdir()
    out.mkdir()
    (out / "mine").touch()
    with pytest.raises(CaseKitError, match=r"lies whole in .*\.VOL001-0"):
        give_name(building, out)
