from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from casekit.dossier.spec import Certificate, DossierSpec
from casekit.errors import Cancelled
from casekit.jobs.preview import Preview
from casekit.ops import exhibits
from casekit.progress import Silent
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def preview(case: Case, tmp_path: Path) -> Iterator[Preview]:
    file_items(case, [make_item("terms"), make_item("letter")], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    with Preview(case) as made:
        yield made


def test_a_page_is_drawn_with_what_the_spec_lacks_and_the_rest_follows(preview: Preview) -> None:
    preview.warm()
    seen = preview.show(DossierSpec(), 1, 60)
    with Image.open(io.BytesIO(seen.png)) as picture:
        assert abs(picture.width - 8.5 * 60) <= 2
    assert (seen.page, seen.section, seen.whole) == (1, "cover", False)
    preview.finish()
    again = preview.page("A-1", 60)
    assert (again.whole, again.section, again.page) == (True, "exhibits", again.firsts["A-1"])
    assert again.total >= again.page


def test_a_spec_that_cannot_be_planned_shows_why_and_the_next_edit_recovers(
    preview: Preview,
) -> None:
    good = DossierSpec()
    preview.show(good, 1, 60)
    bad = msgspec.structs.replace(good, exhibits=("Z-1",))
    seen = preview.show(bad, 1, 60)
    assert (seen.png, [gap.place for gap in seen.gaps if gap.stops]) == (b"", ["exhibits"])
    assert preview.page(1, 60).png == b""  # not a page of the draft before
    certified = msgspec.structs.replace(
        good, sections=("cover", "exhibits", "certificates"), certificates=(Certificate("copies"),)
    )
    seen = preview.show(certified, "certificates", 60)
    assert seen.section == "certificates"
    assert seen.png


def test_a_cancelled_edit_leaves_the_pages_before(preview: Preview) -> None:
    class Stop(Silent):
        def step(self, done: int, total: int | None, text: str) -> None:
            raise Cancelled

    first = preview.show(DossierSpec(title="One"), 1, 60)
    with pytest.raises(Cancelled):
        preview.show(DossierSpec(title="Two"), 1, 60, Stop())
    assert preview.page(1, 60).png == first.png


WARMED = """
import sys
from pathlib import Path
from casekit.dossier.spec import DossierSpec
from casekit.jobs.preview import Preview, warm_up
from casekit.store.case import open_case

warm_up()
known = set(sys.modules)
with open_case(Path(sys.argv[1])) as case, Preview(case) as preview:
    assert preview.show(DossierSpec(), 1, 60).png
heavy = {"reportlab", "pikepdf", "py3langid", "PIL", "numpy", "pypdfium2"}
print(sorted({name.partition(".")[0] for name in set(sys.modules) - known} & heavy))
"""


def test_nothing_heavy_is_left_to_load_for_the_first_page(case: Case, tmp_path: Path) -> None:
    letter = make_item("Brief")
    letter.texts = [("body", "Sehr geehrte Frau Marsh, anbei die Aufstellung der Konten. " * 3)]
    file_items(case, [letter], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
    done = subprocess.run(
        [sys.executable, "-c", WARMED, case.folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
