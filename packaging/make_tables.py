"""Writes the tables of the documents from those that the program is made from: formats and actions.

python packaging/make_tables.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from casekit.ingest import formats  # noqa: E402
from casekit.ingest.dialects import DIALECTS  # noqa: E402
from casekit.ui import actions  # noqa: E402


def main() -> None:
    """Replace what stands between the marks."""
    known = formats.as_markdown((each.name, each.evidence, each.source) for each in DIALECTS)
    put(ROOT / "README.md", "formats", known)
    put(ROOT / "resources" / "handbook" / "keys.md", "actions", actions.as_markdown())


def put(page: Path, name: str, table: str) -> None:
    """Write a table between the marks of its name."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, _, rest = page.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{start}{table}{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
