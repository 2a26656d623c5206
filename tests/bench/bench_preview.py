"""Time to the first page of the preview, to the page after an edit, and how long the window's thread waits.

Run: `python -m tests.bench.bench_preview [sample] [1000]`: the sample matter, and one of that many pages; each
in a process of its own. The first page is timed from nothing (imports of planning and drawing, start of the
confined worker, fonts from their cache), and as a person waits for it: in a window that has loaded them since
the case was opened, with the worker still to be started.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def main() -> None:
    sizes = sys.argv[1:] or ["sample", "1000"]
    print(
        f"{'pages':>6} {'from nothing s':>14} {'first page s':>13} {'all laid out s':>15} "
        f"{'edit s':>7} {'longest wait ms':>16}"
    )
    for size in sizes:
        command = [sys.executable, "-m", "tests.bench.bench_preview", "--one", size]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        row, warm = (json.loads(line) for line in done.stdout.splitlines()[-2:])
        print(
            f"{row['pages']:6} {row['first']:14.2f} {warm['first']:13.2f} {row['rest']:15.2f} "
            f"{row['edit']:7.2f} {row['wait']:16.0f}"
        )


def one(size: str) -> None:
    """One matter: what a person waits for, in processes as the window's."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.bench.bench_preview", "--build", name, size]
        if size == "sample":
            command = [sys.executable, "-m", "casekit", "demo", name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (folder,) = Path(name).glob("*.casekit")
        for warm in ((), ("--warm",)):
            command = [
                sys.executable,
                "-m",
                "tests.bench.bench_preview",
                "--timed",
                str(folder),
                *warm,
            ]
            subprocess.run(command, check=True)


def timed(folder: Path, *, warm: bool) -> None:
    """The figures of one process, in which everything was loaded before if it is `warm`."""
    from casekit.store.case import open_case

    with open_case(folder) as case:
        if warm:
            from casekit.jobs.preview import warm_up

            warm_up()
        print(json.dumps(_measured(case)))


def _measured(case: object) -> dict[str, float]:
    began = time.perf_counter()
    import msgspec

    from casekit.dossier.spec import DossierSpec
    from casekit.jobs.preview import Preview

    spec = DossierSpec()
    with Preview(case) as preview:  # type: ignore[arg-type]
        threading.Thread(target=preview.warm).start()
        preview.show(spec, 1, 96)
        first = time.perf_counter()
        preview.finish()
        laid = time.perf_counter()
        total = preview.page(1, 96).total
        waits = _Waits()
        edits = []
        for n in range(5):
            start = time.perf_counter()
            preview.show(msgspec.structs.replace(spec, title=f"Another title {n}"), 1, 96)
            edits.append(time.perf_counter() - start)
            preview.finish()
        return {
            "pages": total, "first": first - began, "rest": laid - first, "edit": sorted(edits)[2],
            "wait": waits.stop() * 1000,
        }  # fmt: skip


class _Waits:
    """The longest time that another thread, such as the window's, had to wait for its turn."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._going = True
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()

    def _beat(self) -> None:
        last = time.perf_counter()
        while self._going:
            time.sleep(0.001)
            now = time.perf_counter()
            self._longest, last = max(self._longest, now - last), now

    def stop(self) -> float:
        """Ends the measuring; the longest wait in seconds."""
        self._going = False
        self._thread.join()
        return self._longest


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    elif sys.argv[1:2] == ["--timed"]:
        timed(Path(sys.argv[2]), warm="--warm" in sys.argv)
    elif sys.argv[1:2] == ["--build"]:
        from tests.bench.bench_dossier import build

        build(Path(sys.argv[2]), int(sys.argv[3])).case.close()
    else:
        main()
