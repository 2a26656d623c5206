"""Equal bytes of one issued plan: twice, and by another process in another place, zone, language and mask."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image
from sqlalchemy import select

from casekit.dossier.pdfa import Profile
from casekit.dossier.sheet import decode
from casekit.dossier.spec import DossierSpec
from casekit.ingest import ingest
from casekit.jobs import dossier
from casekit.ops import exhibits
from casekit.store.case import Case, open_case
from casekit.store.tables import production
from tests.builders import decide_all

ROOT = Path(__file__).resolve().parent.parent
NOTE = "What was seen: 看到的事 🙂 שלום, عربي. A mark nobody sees\u200b, and ﬁne words.\n" * 40
CHILD = """
import sys
from pathlib import Path
from tests.test_second_environment import print_again

print_again(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def print_again(folder: Path, out: Path) -> None:
    """Render every issued plan of the case in `folder` into `out`; a plan's title is its file's name."""
    from casekit.dossier.render import render

    with open_case(folder) as case, dossier.originals_of(case) as originals:
        with case.read() as s:
            plans = [
                decode(text.encode()) for text in s.execute(select(production.c.plan)).scalars()
            ]
        for one in plans:
            render(one, originals, out / f"{one.title}.pdf")


@pytest.fixture
def issued(case: Case, tmp_path: Path) -> tuple[Path, Path]:
    """A case with a dossier issued in every profile and one in parts; the case's folder, theirs."""
    noise = random.Random(1)
    pages = [Image.frombytes("L", (300, 400), noise.randbytes(120_000)) for _ in range(3)]
    pages[0].save(tmp_path / "scan.pdf", "PDF", save_all=True, append_images=pages[1:], quality=95)
    (tmp_path / "note.txt").write_text(NOTE, "utf-8")
    record = {"prompt": "Why is the sky blue?", "output": NOTE, "model": "Meridian-R1"}
    (tmp_path / "out.jsonl").write_text(json.dumps(record), "utf-8")
    ingest(case, [tmp_path / name for name in ("scan.pdf", "note.txt", "out.jsonl")])
    decide_all(case)
    with case.write() as s:
        for item_id in (1, 2, 3):
            exhibits.mark_exhibit(s, item_id)
    made = tmp_path / "issued"
    made.mkdir()
    wanted = [DossierSpec(title=profile, profile=profile) for profile in get_args(Profile)]
    wanted.append(DossierSpec(title="parted", limit_mb=1.2))
    for spec in wanted:
        dossier.write(case, spec, made / f"{spec.title}.pdf", issue=True)
    return case.folder, made


def again(issued: tuple[Path, Path], tmp_path: Path, **other: str) -> None:
    """Print all again in another process; every file must have the same bytes."""
    folder, made = issued
    moved = tmp_path / "elsewhere" / "Another name.casekit"
    shutil.copytree(folder, moved)
    out = tmp_path / "again"
    out.mkdir()
    home = os.environ.get("CASEKIT_HOME")
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT),
        **({"CASEKIT_HOME": home} if home else {}), **other,
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-c", f"import os; os.umask(0o077)\n{CHILD}", str(moved), str(out)],
        env=environment, check=True, cwd=tmp_path / "elsewhere",
    )  # fmt: skip
    files = {path.name: path.read_bytes() for path in made.iterdir()}
    assert len([name for name in files if name.endswith(".pdf")]) >= 6
    assert {path.name: path.read_bytes() for path in out.iterdir()} == files


def test_another_process_in_another_place_prints_the_same_bytes(
    issued: tuple[Path, Path], tmp_path: Path
) -> None:
    again(
        issued, tmp_path, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="12345", PYTHONUTF8="0",
        PYTHONOPTIMIZE="1",
    )  # fmt: skip


@pytest.mark.slow
def test_so_does_one_that_has_to_make_its_fonts_first(
    issued: tuple[Path, Path], tmp_path: Path
) -> None:
    again(
        issued, tmp_path, TZ="America/St_Johns", LC_ALL="C.UTF-8", PYTHONHASHSEED="1",
        CASEKIT_HOME=str(tmp_path / "home"),
    )  # fmt: skip
