"""Time and memory of dossiers, each a ratio to a plain canvas that writes the same lines in one font.

Run: `python -m tests.bench.bench_dossier [50] [1000]`; each size runs in a process of its own, so that its
peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casekit.dossier.pdfa import Profile
    from tests.dossier.builders import Builder


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [50, 1000]
    print(
        f"{'what':36} {'pages':>6} {'CPU s':>7} {'pages/CPU s':>12} {'ratio':>6} {'peak MB':>8} {'MB':>6}"
    )
    for size in sizes:
        made = _run("dossier", str(size))
        tagged = _run("tagged", str(size))
        plain = _run("plain", str(made["pages"]))
        for name, row in (
            (f"plain canvas, {plain['pages']} pages", plain),
            (str(made["name"]), made),
            ("the same, tagged for screen readers", tagged),
        ):
            speed = row["pages"] / row["cpu"]
            base = plain["pages"] / plain["cpu"]
            print(
                f"{name:36} {row['pages']:6.0f} {row['cpu']:7.2f} {speed:12.0f} {speed / base:6.2f} "
                f"{row['peak']:8.0f} {row['size']:6.1f}"
            )
        print(f"{'planning of each, s':36} {'':6} {made['plan']:7.2f}")
        print(f"{'tagging, s':36} {'':6} {tagged['cpu'] - made['cpu']:7.2f}")


def _run(what: str, size: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.bench_dossier", f"--{what}", size]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return row


def _measured(name: str, pages: int, cpu: float, out: Path, **more: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = out.stat().st_size / 1e6
    print(
        json.dumps({"name": name, "pages": pages, "cpu": cpu, "peak": peak, "size": size, **more})
    )


def plain(pages: int) -> None:
    """The baseline: 44 lines of 80 characters a page, drawn with one font and nothing else."""
    from reportlab.pdfgen.canvas import Canvas

    from casekit.dossier.fonts import prepare
    from casekit.progress import Silent

    face = prepare("", Silent()).main["serif"].name
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.pdf"
        start = time.process_time()
        canvas = Canvas(str(out), initialFontName=face, pageCompression=1)
        for page in range(pages):
            canvas.setFont(face, 10.5)
            for line in range(44):
                text = f"{page} {line} the parties agree to the terms in this section of the contract here"
                canvas.drawString(100, 720 - 15 * line, text)
            canvas.showPage()
        canvas.save()
        _measured("plain", pages, time.process_time() - start, out)


def build(folder: Path, size: int) -> Builder:
    """Up to 50: that many exhibits of all kinds; above: exhibits of long answers to about that many pages.

    The case is open.
    """
    from casekit.store.case import create_case
    from tests.dossier.builders import (
        ANSWER,
        PROMPT,
        Builder,
        answer,
        image,
        log_record,
        message,
        pdf,
        set_caption,
    )

    case = create_case(folder / "Bench", "Aurora v. Meridian")
    set_caption(case)
    built = Builder(case, folder)
    for n in range(size if size <= 50 else 40):
        if size > 50:
            text = "\n\n".join(f"{k}. {ANSWER}" for k in range(size // 13))
            item = built.add(f"{n}.json", answer(f"{PROMPT} {n}", text, "Meridian-R1"))[0]
        else:
            kinds = (
                lambda n: answer(f"{PROMPT} {n}", ANSWER * 4, "Meridian-R1"), log_record,
                lambda n: message(pdf(2, f"terms {n}.pdf"), subject=f"Letter {n}"),
                lambda n: pdf(3, f"contract {n}.pdf"), lambda n: image(f"shot {n}.png"),
            )  # fmt: skip
            item = built.add(f"{n}.bin", kinds[n % 5](n))[0]
        built.exhibit(item, f"A-{n + 1}")
    return built


def dossier(size: int, profile: Profile = "filing") -> None:
    """The dossier of such a matter."""
    from casekit.dossier.fonts import prepare
    from casekit.dossier.plan import plan
    from casekit.dossier.render import render
    from casekit.dossier.spec import DossierSpec
    from casekit.progress import Silent

    prepare("中🙂👍🏽", Silent())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = build(folder, size)
        with built.case as case:
            start = time.process_time()
            with case.read() as s:
                decided = plan(s, DossierSpec(profile=profile))
            planned = time.process_time() - start
            made = render(decided, built.originals, folder / "out.pdf")
            cpu = time.process_time() - start
            label = f"{len(decided.exhibits)} exhibits" + (" of all kinds" if size <= 50 else "")
            _measured(label, made.pages, cpu, made.path, plan=planned)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plain"]:
        plain(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--dossier"]:
        dossier(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--tagged"]:
        dossier(int(sys.argv[2]), "accessible")
    else:
        main()
