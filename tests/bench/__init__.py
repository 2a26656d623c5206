"""Benchmarks: each measures CaseKit and a named baseline in the same run, and asserts no time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MARK = "figure "
SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its baseline.

    Attributes:
        what: What was measured.
        value: Ours.
        unit: Its unit, such as `items/s`.
        baseline: What it is compared with; empty where there is nothing to compare.
        base: The baseline's figure in the same unit.
        more_is_better: Whether a higher figure is the better one.
    """

    what: str
    value: float
    unit: str
    baseline: str = ""
    base: float = 0.0
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline we are; below 1 we are worse."""
        if not self.baseline or not self.value or not self.base:
            return None
        return self.value / self.base if self.more_is_better else self.base / self.value


def tell(figure: Figure) -> None:
    """Print a figure in the form that `tests.bench.run` collects."""
    print(MARK + json.dumps(asdict(figure)), flush=True)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command used: seconds, CPU-seconds with all its children, peak memory of both together.

    Memory is the sum of the proportional sets: pages that processes share count once, and pages of a
    mapped file, which the system can take back at any time, count too.
    """

    wall: float
    cpu: float
    peak_mb: float
    out: str

    @property
    def said(self) -> dict[str, Any]:
        """The JSON object on the last line that the command printed."""
        said: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return said


def measured(command: Sequence[str], **more_environment: str) -> Cost:
    """Run a command and measure it with everything it starts.

    Raises:
        CalledProcessError: It failed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **more_environment}
    )
    peak, ended = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, ended))
    watcher.start()
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, out)
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak[0] / 1e6, out)


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of the benchmarks with arguments."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def _watch(pid: int, peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(map(_share, _family(pid))))


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(one := waiting.pop())
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _share(pid: int) -> int:
    """Bytes of memory a process holds, its part only of what it shares (Linux's PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
