from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.ops import exhibits
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.conftest import ROOT
from tests.waiting import wait_until


def test_a_case_is_made_once(cli: Cli, tmp_path: Path) -> None:
    made = cli(
        "new", tmp_path / "Aurora v. Meridian", "--matter", "Aurora v. Meridian, No. 3:26-cv-1"
    )
    assert (made.code, made.out) == (0, f"{tmp_path / 'Aurora v. Meridian.casekit'}\n")
    again = cli("new", tmp_path / "Aurora v. Meridian.casekit", "--matter", "x")
    assert (again.code, again.out) == (2, "")
    assert (
        again.err
        == "Aurora v. Meridian.casekit is already there: open it or choose another name.\n"
    )


def test_a_case_in_a_sync_folder_is_warned_of(cli: Cli, tmp_path: Path) -> None:
    made = cli("new", tmp_path / "Dropbox" / "Case", "--matter", "x")
    assert made.code == 0
    assert "sync program" in made.err


def test_the_matter_is_set_and_shown(cli: Cli, tmp_path: Path) -> None:
    cli("new", tmp_path / "C", "--matter", "Aurora v. Meridian")
    setting = cli(
        "matter",
        tmp_path / "C",
        "set",
        "--court",
        "N.D. Cal.",
        "--number",
        "3:26-cv-1",
        "--party",
        "plaintiff=Aurora Labs",
        "--party",
        "defendant=Meridian AI",
    )
    assert (setting.code, setting.err) == (0, "")
    shown = cli("matter", tmp_path / "C", "--json").json
    assert {name: shown[name] for name in ("v", "name", "court", "number")} == {
        "v": 1,
        "name": "Aurora v. Meridian",
        "court": "N.D. Cal.",
        "number": "3:26-cv-1",
    }
    assert [(p["side"], p["name"]) for p in shown["parties"]] == [
        ("plaintiff", "Aurora Labs"),
        ("defendant", "Meridian AI"),
    ]
    cli("matter", tmp_path / "C", "set", "--court", "")
    assert "N.D. Cal." not in cli("matter", tmp_path / "C").out
    assert "plaintiff      Aurora Labs" in cli("matter", tmp_path / "C").out


def test_verify_says_what_is_damaged_and_what_rests_on_it(cli: Cli, filled: Case) -> None:
    whole = cli("verify", filled.folder, "--json")
    assert (whole.code, whole.json["ok"], whole.json["damaged"]) == (0, True, [])
    assert whole.json["checked"]["items"] == 5
    assert cli("verify", filled.folder).out == "Unchanged since import into CaseKit.\n"
    with filled.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
    name = next(filled.vault.names()).hex()
    original = filled.folder / "vault" / name[:2] / name
    original.chmod(0o640)
    original.write_bytes(b"x" + original.read_bytes()[1:])
    damaged = cli("verify", filled.folder, "--json")
    assert damaged.code == 1
    assert (damaged.json["ok"], damaged.json["damaged"]) == (
        False,
        [
            {
                "what": f"original {name}",
                "why": "Its bytes changed after CaseKit received it.",
                "depends": ["Exhibit A-1"],
                "names": ["file.txt"],
            }
        ],
    )
    shown = cli("verify", filled.folder)
    assert shown.code == 1
    assert "Received as file.txt. Rests on it: Exhibit A-1." in shown.out
    assert "1 damaged: do not work on" in shown.out


def test_what_is_no_case_is_refused_in_one_sentence(cli: Cli, tmp_path: Path) -> None:
    for command in (["matter"], ["verify"], ["items"], ["exhibit"], ["finding"], ["tag"], ["undo"]):
        refused = cli(*command, tmp_path)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.endswith("choose one that ends in .casekit and holds a case.json.\n")
        assert refused.err.count("\n") == 1


def test_wrong_usage_is_refused_with_the_usage(cli: Cli, tmp_path: Path) -> None:
    for arguments in (
        ["new", tmp_path / "C"],
        ["no-such-command"],
        ["items"],
        ["search", tmp_path, "x", "--mode", "y"],
    ):
        refused = cli(*arguments)
        assert (refused.code, refused.out) == (2, "")
        assert "Usage: casekit" in refused.err


def test_help_is_there_without_the_heavy_parts() -> None:
    code = (
        "import sys; from casekit.cli import run; run(['--help']); run(['search', '--help']);"
        "heavy = {'torch', 'faiss', 'openvino', 'PySide6', 'reportlab', 'pikepdf'};"
        "sys.exit(sorted(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Exit codes: 0 done" in done.stdout


def test_the_program_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casekit", "--version"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "casekit,")


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_window_opens_on_the_case_and_stays(case: Case, tmp_path: Path) -> None:
    """The settings say that it has: an opened case heads the list of the recent ones."""
    chosen = {**os.environ, "CASEKIT_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "casekit", "open", str(case.folder)]
    stored = tmp_path / "home" / "config" / "settings.json"
    with subprocess.Popen(command, env=chosen, cwd=ROOT, start_new_session=True) as process:
        wait_until(lambda: stored.exists() or process.poll() is not None, "the settings", 0.05)
        assert process.poll() is None, "it has gone by itself"
        os.killpg(process.pid, signal.SIGTERM)
    assert json.loads(stored.read_text())["recent"] == [str(case.folder.resolve())]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    code = "import sys; from casekit.cli import run; sys.exit(run(['--version']))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-u", "-c", code],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.stderr.startswith("The disk is full: ")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
