"""Writes the README's table of formats from the tables that the readers are made from.

python packaging/make_formats.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from casekit.ingest.dialects import DIALECTS  # noqa: E402
from casekit.ingest.formats import as_markdown  # noqa: E402

START, END = "<!-- formats -->\n", "\n<!-- /formats -->"


def main() -> None:
    """Replace what stands between the marks."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    table = as_markdown((each.name, each.evidence, each.source) for each in DIALECTS)
    readme.write_text(f"{before}{START}{table}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
