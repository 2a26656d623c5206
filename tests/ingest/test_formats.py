from __future__ import annotations

import importlib
from pathlib import Path

from casekit.ingest.dialects import DIALECTS
from casekit.ingest.formats import BY_ID, FORMATS, as_markdown

README = Path(__file__).resolve().parents[2] / "README.md"


def test_every_format_has_a_name_of_its_own_and_a_reader() -> None:
    assert len(BY_ID) == len(FORMATS)
    for each in FORMATS:
        if each.module:
            assert importlib.import_module(f"casekit.ingest.readers.{each.module}").read


def test_the_readme_has_the_table_of_formats() -> None:
    made = as_markdown((each.name, each.evidence, each.source) for each in DIALECTS)
    text = README.read_text("utf-8")
    assert text.partition("<!-- formats -->\n")[2].partition("\n<!-- /formats -->")[0] == made
