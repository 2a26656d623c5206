"""Where the panes stand as a person chooses it: named layouts, own ones, a pane moved by a key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from casekit import settings
from casekit.i18n import tr
from casekit.ui import arrangement
from casekit.ui.form import Form
from casekit.ui.panes import CODING, LIST, PLACES, SIDEBAR, Stand
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ui.window import Window

USUAL, WIDE, TALL, SCREENS = NAMED = ("usual", "wide", "tall", "screens")
NAMED_WORDS = {
    USUAL: "Usual",
    WIDE: "Wide",
    TALL: "Tall",
    SCREENS: "Two screens",
}
_STANDS = {
    USUAL: Stand(),
    WIDE: Stand(list="left"),
    TALL: Stand(coding="below"),
    SCREENS: Stand(),
}
PANE_WORDS = {SIDEBAR: "Sidebar", LIST: "The list", CODING: "Coding pane"}
PLACE_WORDS = {
    (SIDEBAR, "left"): "at the left",
    (SIDEBAR, "right"): "at the right",
    (LIST, "above"): "above the viewer",
    (LIST, "left"): "left of the viewer",
    (LIST, "below"): "below the viewer",
    (LIST, "right"): "right of the viewer",
    (CODING, "right"): "right of list and viewer",
    (CODING, "below"): "below list and viewer",
    (CODING, "left"): "left of list and viewer",
}
PLACE_SAID = {
    (SIDEBAR, "left"): "The sidebar stands at the left.",
    (SIDEBAR, "right"): "The sidebar stands at the right.",
    (LIST, "above"): "The list stands above the viewer.",
    (LIST, "left"): "The list stands left of the viewer.",
    (LIST, "below"): "The list stands below the viewer.",
    (LIST, "right"): "The list stands right of the viewer.",
    (CODING, "right"): "The coding pane stands at the right.",
    (CODING, "below"): "The coding pane stands below list and viewer.",
    (CODING, "left"): "The coding pane stands left of list and viewer.",
}
_AS_IT_IS = "\0as it is"  # no name of a layout


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: an own layout as it is (or empty), where panes stand, the name to keep it under."""

    own: str
    stand: Stand
    apart: bool
    name: str


class LayoutForm(Form):
    """Asks for one of the layouts, or where each pane is to stand, and under which name that is kept."""

    def __init__(
        self, parent: QWidget | None, stand: Stand, apart: bool, own: Mapping[str, Any]
    ) -> None:
        super().__init__(
            parent, tr("Layout"),
            tr("Choose a layout, or where each pane stands. A name keeps it, with the sizes that you give the "
               "panes; it is yours, in every case that you open."),
            tr("Lay out"),
        )  # fmt: skip
        named = [(name, tr(words)) for name, words in NAMED_WORDS.items()]
        self.layouts = self.choice(
            tr("Layout"),
            [(_AS_IT_IS, tr("As chosen below")), *named, *((name, shown(name)) for name in own)],
        )
        self._own = own
        self.places = {
            pane: self.choice(
                tr(words), [(place, tr(PLACE_WORDS[pane, place])) for place in PLACES[pane]]
            )
            for pane, words in PANE_WORDS.items()
        }
        self.viewer = self.choice(
            tr("Viewer"), [("", tr("beside the list")), ("apart", tr("in a window of its own"))]
        )
        self.name = self.field(tr("Keep under the name"), "", tr("leave empty not to keep it"))
        self._show(stand, apart)
        self.layouts.currentIndexChanged.connect(lambda _n: self._chosen())

    def _show(self, stand: Stand, apart: bool) -> None:
        for pane, box in self.places.items():
            box.setCurrentIndex(box.findData(getattr(stand, pane)))
        self.viewer.setCurrentIndex(int(apart))

    def _chosen(self) -> None:
        name = str(self.layouts.currentData())
        if name != _AS_IT_IS:
            told = self._own.get(name, {})
            stand = _STANDS[name] if name in NAMED else arrangement.stand_of(told)
            self._show(stand, name == SCREENS or told.get("apart") is True)

    def check(self) -> None:
        """A name that is CaseKit's own cannot be given again."""
        taken = {*NAMED, *(tr(words) for words in NAMED_WORDS.values())}
        if self.name.text().strip().casefold() in {name.casefold() for name in taken}:
            self.complain(tr("That name is one of CaseKit's own layouts: give another."))
            self.name.setFocus()
        else:
            self.accept()

    def answer(self) -> Chosen | None:
        """What is to be laid out."""
        return self.chosen() if self.exec() == QDialog.DialogCode.Accepted else None

    def chosen(self) -> Chosen:
        """What the fields say."""
        stand = Stand(**{pane: str(box.currentData()) for pane, box in self.places.items()})
        apart = self.viewer.currentData() == "apart"
        name = str(self.layouts.currentData())
        told = self._own.get(name)
        same = told is not None and (stand, apart) == (
            arrangement.stand_of(told), told.get("apart") is True
        )  # fmt: skip
        return Chosen(name if same else "", stand, apart, self.name.text().strip())


def choose(window: Window) -> None:
    """Ask for a layout and take it; under a name it is kept."""
    space = window.workspace
    if space is None:
        return
    own = _own()
    apart = arrangement.viewer_window(window) is not None
    chosen = window.ask.form(LayoutForm(window, space.panes.stand, apart, own))
    if chosen is None:
        return
    if chosen.own:
        arrangement.take(window, own[chosen.own])
    else:
        _take(window, chosen.stand, chosen.apart)
    if chosen.name:
        _keep(own | {chosen.name: arrangement.told_of(window)})
        window.say(tr("The layout is kept as “{name}”.", name=chosen.name))


def take(name: str) -> Callable[[Window], None]:
    """What puts on one of the named layouts, every pane in sight and of its usual size."""

    def run(window: Window) -> None:
        space = window.workspace
        if space is None:
            return
        for pane in (space.sidebar, space.coding):
            pane.show()
        _take(window, _STANDS[name], name == SCREENS)
        space.panes.even_out()
        window.say(tr("Layout: {name}", name=tr(NAMED_WORDS[name])))

    return run


def move(pane: str) -> Callable[[Window], None]:
    """What puts a pane at the next of its places, and says where it stands then."""

    def run(window: Window) -> None:
        space = window.workspace
        if space is None:
            return
        stand, places = space.panes.stand, PLACES[pane]
        put(window, pane, places[(places.index(getattr(stand, pane)) + 1) % len(places)])

    return run


def put(window: Window, pane: str, place: str) -> None:
    """Put a pane at one of its places, and say where it stands then."""
    space = window.workspace
    if space is None:
        return
    space.panes.rearrange(dataclasses.replace(space.panes.stand, **{pane: place}))
    if pane != LIST:
        {SIDEBAR: space.sidebar, CODING: space.coding}[pane].show()
    window.say(tr(PLACE_SAID[pane, place]))


def forget(window: Window) -> None:
    """Ask for one of the own layouts and forget it."""
    own = _own()
    if not own:
        window.say(tr("There is no layout of your own: keep one under a name in Layout …"))
        return
    name = window.ask.form(ForgetForm(window, list(own)))
    if name is not None:
        _keep({one: told for one, told in own.items() if one != name})
        window.say(tr("The layout “{name}” is forgotten.", name=name))


class ForgetForm(Form):
    """Asks which of the own layouts is to go."""

    def __init__(self, parent: QWidget | None, names: list[str]) -> None:
        super().__init__(parent, tr("Forget a layout"), "", tr("Forget it"))
        self.names = self.choice(tr("Layout"), [(name, shown(name)) for name in names])

    def answer(self) -> str | None:
        """Its name."""
        done = self.exec() == QDialog.DialogCode.Accepted
        return str(self.names.currentData()) if done else None


def _take(window: Window, stand: Stand, apart: bool) -> None:
    if apart != (arrangement.viewer_window(window) is not None):
        arrangement.detach_viewer(window)
    if window.workspace is not None:
        window.workspace.panes.rearrange(stand)


def _own() -> dict[str, Any]:
    kept = settings.load().arrangement.get("layouts")
    return {n: t for n, t in kept.items() if isinstance(t, dict)} if isinstance(kept, dict) else {}


def _keep(own: Mapping[str, Any]) -> None:
    kept = settings.load()
    told = kept.arrangement | {"layouts": dict(own)}
    settings.save(dataclasses.replace(kept, arrangement=told))
