from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from casekit.ingest.parsed import Problem
from casekit.ingest.sources import SourceFile, displayed, find


def listed(*sources: Path, leave_out: Path | None = None) -> list[str]:
    """Each file as its shown path, each problem as `kind: path`."""
    return [
        f.shown if isinstance(f, SourceFile) else f"{f.kind}: {f.path}"
        for f in find(sources, leave_out)
    ]


def test_files_come_in_order_of_their_paths_below_the_source(tmp_path: Path) -> None:
    folder = tmp_path / "Server 1"
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "a.txt", "Ä.txt", "a/empty"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name if name != "a/empty" else "")
    (folder / "no files").mkdir()
    os.utime(folder / "a.txt", ns=(0, 1_500_000_000_123_456_789))
    assert listed(folder, folder / "b.txt") == [
        "Server 1/a/b/c.txt", "Server 1/a/empty", "Server 1/a/z.txt", "Server 1/a.txt", "Server 1/b.txt",
        "Server 1/Ä.txt", "b.txt",
    ]  # fmt: skip
    found = next(
        f for f in find([folder]) if isinstance(f, SourceFile) and f.shown.endswith("a.txt")
    )
    assert found == SourceFile(folder / "a.txt", "Server 1/a.txt", 5, 1_500_000_000_123_456)


def test_what_is_no_file_is_a_problem_and_never_entered(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "self").symlink_to(folder)
    (folder / "dangling").symlink_to(folder / "nowhere")
    (folder / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    assert listed(folder, tmp_path / "absent", folder / "self") == [
        "link: box/dangling", "link: box/passwd", "not-a-file: box/pipe", "link: box/self",
        "unreadable: absent", "link: self",
    ]  # fmt: skip


def test_the_case_is_no_evidence_for_itself(tmp_path: Path) -> None:
    (tmp_path / "desk" / "My.casekit").mkdir(parents=True)
    (tmp_path / "desk" / "My.casekit" / "case.db").write_text("x")
    (tmp_path / "desk" / "letter.txt").write_text("x")
    assert listed(tmp_path / "desk", leave_out=tmp_path / "desk" / "My.casekit") == [
        "own-case: desk/My.casekit", "desk/letter.txt",
    ]  # fmt: skip


def test_the_present_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "f").write_text("x")
    monkeypatch.chdir(tmp_path / "here")
    assert listed(Path()) == ["here/f"]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are any bytes only on Linux")
def test_names_that_are_no_text_are_shown_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    for name in (b"caf\xe9.txt", b"new\nline", b"\xff\xfe", "图纸.pdf".encode()):
        (tmp_path / "odd" / os.fsdecode(name)).write_text("x")
    found = list(find([tmp_path / "odd"]))
    assert [f.shown for f in found if isinstance(f, SourceFile)] == [
        "odd/caf\\xe9.txt", "odd/new\nline", "odd/图纸.pdf", "odd/\\xff\\xfe",
    ]  # fmt: skip
    assert displayed(os.fsdecode(b"\xe9")) == "\\xe9"
    for each in found:
        assert isinstance(each, SourceFile)
        assert each.path.read_bytes() == b"x"
        each.shown.encode("utf-8")


def test_folders_nested_deeper_than_functions_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = 1000
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.txt").write_text("x")
    try:
        found = list(find([tmp_path / "d"]))
    finally:
        Path("deep.txt").unlink()
        for _ in range(depth):  # what clears temporary folders away is recursive itself
            os.chdir("..")
            Path("d").rmdir()
    assert [f.shown for f in found if isinstance(f, SourceFile)] == ["d/" * depth + "deep.txt"]


def test_a_path_too_long_is_a_problem(tmp_path: Path) -> None:
    assert [type(f) for f in find([tmp_path / ("x" * 300)])] == [Problem]
    assert listed(tmp_path / "nul\0") == ["unreadable: nul\0"]
