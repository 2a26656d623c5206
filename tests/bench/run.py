"""Runs the benchmarks and prints one table: what, ours, its baseline, how many times better.

    python -m tests.bench.run [--times N] [NAME …]

Each benchmark runs in a process of its own, N times, and the medians are printed. What a benchmark says
besides its figures is shown below the table. Without names all run but `nearest`, which takes hours, `sets` and
`findings`, which time nothing: they print what the methods of the findings are worth.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.bench import MARK, ROOT, Figure

CORPUS = Path(os.environ.get("CASEKIT_CORPUS") or ROOT.parent / "shared" / "corpus")
ARGUMENTS = {name: [str(CORPUS / "model_outputs")] for name in ("nearest", "findings")}
ARGUMENTS["sets"] = ["sets", str(CORPUS / "model_outputs")]
ONLY_BY_NAME = {"nearest", "findings", "sets"}
NAMES = sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--times", type=int, default=1)
    asked = parser.parse_args()
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    rows: list[tuple[str, ...]] = []
    besides: list[str] = []
    failed = False
    for name in asked.names or [n for n in NAMES if n not in ONLY_BY_NAME]:
        print(f"{name} …", file=sys.stderr, flush=True)
        runs = [one_run(name) for _ in range(asked.times)]
        failed |= any(code for _, _, code in runs)
        figures = [figure for found, _, _ in runs for figure in found]
        rows += table(name, figures)
        text = runs[-1][1].strip()
        if text:
            besides.append(f"{name}:\n{text}")
    print("\n".join([*lined(rows), "", *besides]))
    sys.exit(1 if failed else 0)


def one_run(name: str) -> tuple[list[Figure], str, int]:
    """Figures, other text and exit code of one run."""
    command = [sys.executable, "-m", f"tests.bench.bench_{name}", *ARGUMENTS.get(name, [])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    figures, others = [], []
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            figures.append(Figure(**json.loads(line.removeprefix(MARK))))
        else:
            others.append(line)
    if done.returncode:
        others.append(f"ended with exit code {done.returncode}")
    return figures, "\n".join(others), done.returncode


def table(name: str, figures: list[Figure]) -> list[tuple[str, ...]]:
    """A row for each thing measured, with the medians of its runs."""
    rows = []
    for what in dict.fromkeys(figure.what for figure in figures):
        same = [figure for figure in figures if figure.what == what]
        first = same[0]
        ratios = [figure.ratio for figure in same if figure.ratio is not None]
        ours = f"{statistics.median(f.value for f in same):,.6g} {first.unit}"
        base = f"{statistics.median(f.base for f in same):,.6g} {first.unit}"
        rows.append(
            (
                name,
                what,
                ours,
                f"{first.baseline}: {base}" if first.baseline else "",
                f"{statistics.median(ratios):.2f}" if ratios else "",
                str(len(same)),
            )
        )
    return rows


def lined(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows under their heads, in columns."""
    if not rows:
        return []
    rows = [("bench", "figure", "ours", "baseline", "times better", "runs"), *rows]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


if __name__ == "__main__":
    main()
