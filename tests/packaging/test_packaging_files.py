"""The files that make a fresh checkout run: they agree with pyproject.toml and with each other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
CONSTRAINTS = (PACKAGING / "constraints.txt").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what set-up reads, without an environment."""
    root = tmp_path / "a checkout"
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "packaging/constraints.txt",
        "casekit/__init__.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in ("run", "setup.sh"):
        shutil.copy(PACKAGING / name, root / "packaging" / name)
    return root


@pytest.mark.parametrize("script", ["packaging/run", "packaging/setup.sh"])
def test_scripts_are_plain_shell_and_can_be_run(script: str) -> None:
    assert run("sh", "-n", ROOT / script).stderr == ""
    assert os.access(ROOT / script, os.X_OK)


def test_ci_script_parses() -> None:
    assert run("bash", "-n", ROOT / ".ci" / "run").stderr == ""


def test_constraints_pin_every_direct_dependency_once() -> None:
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    assert [
        line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)
    ] == []
    pinned = [canonical(line) for line in lines]
    assert sorted(set(pinned)) == sorted(pinned)
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["formats"], *extras["test"], *BUILD]
    assert {canonical(line) for line in asked} - set(pinned) == set()


def test_notices_are_current_and_name_every_direct_dependency() -> None:
    done = run(sys.executable, PACKAGING / "notices.py", "--check")
    assert (done.returncode, done.stderr) == (0, "notices: current\n")
    text = (PACKAGING / "THIRD-PARTY-NOTICES.md").read_text("utf-8")
    first_table = text.partition("## What CaseKit asks for")[2].partition("## ")[0]
    rows = [line.split(" | ") for line in first_table.splitlines() if line.startswith("| ")][1:]
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["formats"], *extras["ocr"]]
    assert sorted(canonical(row[0][2:]) for row in rows) == sorted(map(canonical, asked))


@pytest.mark.parametrize(
    ("name", "licence", "refused"),
    [
        ("fine", "Apache-2.0 WITH LLVM-exception AND MIT", False),
        ("strong", "GPL-3.0-or-later", True),
        ("network", "MIT AND AGPL-3.0-only", True),
        ("weak", "LGPL-2.1-or-later", True),
        ("shiboken6", "LGPL-3.0-only", False),
    ],
)
def test_unfit_licences_are_refused(name: str, licence: str, refused: bool) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(PACKAGING)!r}); import notices\n"
        f"try: notices.refuse_unfit({name!r}, {licence!r})\n"
        "except notices.Refused: sys.exit(3)"
    )
    assert run(sys.executable, "-c", program).returncode == (3 if refused else 0)


@pytest.mark.parametrize("word", ["", "tests", "--help"])
def test_run_says_how_it_is_used(word: str) -> None:
    done = run("sh", PACKAGING / "run", *([word] if word else []))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: packaging/run demo")


def test_setup_never_touches_a_folder_that_is_no_environment(checkout: Path) -> None:
    precious = checkout / "precious"
    precious.mkdir()
    (precious / "letter.txt").write_text("keep me")
    done = run("sh", checkout / "packaging" / "setup.sh", CASEKIT_VENV=str(precious))
    assert done.returncode == 1
    assert "holds something else than a Python environment" in done.stderr
    assert [path.name for path in precious.iterdir()] == ["letter.txt"]


def test_setup_names_the_file_that_a_checkout_lacks(checkout: Path) -> None:
    (checkout / "LICENSE").unlink()
    done = run("sh", checkout / "packaging" / "setup.sh", "demo")
    assert (done.returncode, done.stderr) == (
        1,
        "CaseKit: this checkout is not whole: LICENSE is missing; check it out again.\n",
    )


def test_setup_refuses_a_path_with_a_colon(checkout: Path) -> None:
    done = run("sh", checkout / "packaging" / "setup.sh", "demo", CASEKIT_VENV="/tmp/a:b")
    assert done.returncode == 1
    assert "colon in its path (/tmp/a:b)" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody can write to")
def test_setup_says_when_it_may_not_write(checkout: Path) -> None:
    done = run("sh", checkout / "packaging" / "setup.sh", "demo", CASEKIT_VENV="/proc/nowhere/venv")
    assert done.returncode == 1
    assert "CaseKit: /proc/nowhere/venv cannot be made or changed by " in done.stderr
