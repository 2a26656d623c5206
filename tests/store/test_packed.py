import json
import zipfile
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.store import packed
from casekit.store.case import Case, create_case, open_case


@pytest.fixture
def box(case: Case, tmp_path: Path) -> Path:
    """A packed case with one original."""
    (tmp_path / "a.txt").write_text("evidence")
    case.vault.deposit(tmp_path / "a.txt")
    case.close()
    out = tmp_path / "there" / "Box.casereview"
    out.parent.mkdir()
    packed.pack(case.folder, out, {"v": 1, "case": case.uuid})
    return out


def test_it_opens_as_the_case_it_was(box: Path, case: Case) -> None:
    for _ in range(2):  # the second time the folder that lies there
        with open_case(box) as opened:
            assert (opened.uuid, opened.folder.name) == (case.uuid, "Box.casekit")
            assert list(opened.vault.names()) == list(case.vault.names())
    assert sorted(p.name for p in box.parent.iterdir()) == ["Box.casekit", "Box.casereview"]


def test_it_never_takes_another_cases_place(box: Path) -> None:
    create_case(box.with_name("Box"), "Other").close()
    with pytest.raises(CaseKitError, match="another case"):
        open_case(box)


def _again(box: Path, change: dict[str, bytes | None], add: dict[str, bytes]) -> None:
    with zipfile.ZipFile(box) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members |= {k: v for k, v in change.items() if v is not None}
    with zipfile.ZipFile(box, "w") as new:
        for name, data in (members | add).items():
            if change.get(name, b"") is not None:
                new.writestr(name, data)


def test_what_was_changed_is_refused(box: Path) -> None:
    about = packed.read_about(box)
    blob = next(name for name in about["files"] if name.startswith("vault/"))
    whole = box.read_bytes()
    outside = {**about, "files": {**about["files"], "../../evil": about["files"][blob]}}
    changes: list[tuple[dict[str, bytes | None], dict[str, bytes], str]] = [
        ({blob: b"evidencE"}, {}, "changed or damaged"),
        ({blob: b"evidence and more"}, {}, "changed or damaged"),
        ({blob: None}, {}, "list of files"),
        ({}, {"vault/aa/" + "aa" * 32: b"x"}, "list of files"),
        ({packed.ABOUT: json.dumps(outside).encode()}, {"../../evil": b"x"}, "no review package"),
        ({packed.ABOUT: b"{}"}, {}, "no review package"),
    ]
    for change, add, says in changes:
        box.write_bytes(whole)
        _again(box, change, add)
        with pytest.raises(CaseKitError, match=says):
            open_case(box)
    box.write_bytes(whole[:-40])
    with pytest.raises(CaseKitError, match="no review package"):
        open_case(box)
    assert [p.name for p in box.parent.iterdir()] == [box.name]
