"""Makes the README's pictures of the window and of a dossier page from the sample matter, without a display.

    python packaging/make_pictures.py CASE [FOLDER]

CASE is the case that `casekit demo` builds, with the dossier beside it. The pictures go to
resources/pictures unless another folder
is named. A copy of the case is opened, so that the case itself stays as it is.
"""

from __future__ import annotations

import atexit
import dataclasses
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["CASEKIT_HOME"] = tempfile.mkdtemp(prefix="casekit-pictures-")
atexit.register(shutil.rmtree, os.environ["CASEKIT_HOME"], ignore_errors=True)
sys.path.insert(0, str(ROOT))

import pypdfium2  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from casekit import settings  # noqa: E402
from casekit.ui import app as start  # noqa: E402
from casekit.ui import fonts  # noqa: E402
from casekit.ui.sidebar import Scope  # noqa: E402
from casekit.ui.window import Window  # noqa: E402

QUERY = "teaspoon OR gossip"


def rest(window: Window, also: Callable[[], object] | None = None, seconds: float = 300) -> None:
    """Wait until the window has read everything."""
    until, quiet = time.monotonic() + seconds, 0
    while quiet < 10:
        if time.monotonic() > until:
            raise SystemExit("the window does not come to rest")
        QApplication.processEvents()
        waiting = [job for job in window.jobs.waiting() if job.label != "look"]
        quiet = 0 if waiting or (also is not None and not also()) else quiet + 1
        time.sleep(0.01)


def take(window: Window, out: Path) -> None:
    """Save the window as it stands."""
    QApplication.processEvents()
    window.grab().save(str(out))
    print(out)


def search(window: Window, text: str) -> None:
    """Run a search as if it had been typed."""
    window.search.put(text, "words")
    window.search.run()
    rest(window)


def dossier_page(dossier: Path, out: Path) -> None:
    """The first page of the first exhibit, as it looks on paper."""
    with pypdfium2.PdfDocument(dossier) as document:
        first = next(b for b in document.get_toc() if b.get_title().startswith("A-1"))
        target = first.get_dest()
        image = document[target.get_index() if target else 0].render(scale=110 / 72).to_pil()
    image.save(out)
    print(out)


def main() -> None:
    """Make every picture."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    source = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else ROOT / "resources" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / source.name
        shutil.copytree(source, copy)
        settings.save(dataclasses.replace(settings.load(), guided=False))  # no line above the pages
        start.make_app()
        fonts.load_cjk()
        window = Window()
        window.dress("light")
        window.show()
        window.open_case(copy)
        rest(window, lambda: window.workspace is not None and window.workspace.contents is not None)
        pictures(window, out)
        window.close()
    dossier_page(source.with_name(f"{source.stem} dossier.pdf"), out / "dossier-page.png")


def pictures(window: Window, out: Path) -> None:
    """The window in both themes, the viewer, and two answers side by side."""
    space = window.workspace
    assert space is not None
    space.list.setFocus()
    search(window, QUERY)
    take(window, out / "window-light.png")
    window.trigger("item.similar")
    rest(window, lambda: space.compare.pair is not None)
    take(window, out / "similarity.png")
    window.search.put("", "words")
    window.search.run()
    space.show_scope(Scope("exhibits", "Exhibits", kind="exhibits"))
    rest(window)
    pdf = (
        next((e.item_id for e in space.contents.exhibits if e.kind == "document"), None)
        if space.contents
        else None
    )
    if pdf is not None:
        space.open_item(pdf)
        rest(window)
        window.trigger("view.pages")
        rest(window, lambda: space.viewer.pages.drawn)
    take(window, out / "viewer.png")
    window.trigger("view.read")
    space.show_scope(Scope("in:correspondence", "Correspondence", "in:correspondence"))
    rest(window)
    window.dress("dark")
    rest(window)
    take(window, out / "window-dark.png")


if __name__ == "__main__":
    main()
