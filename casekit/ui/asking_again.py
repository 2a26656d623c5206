"""Asking again: what was refused after its dialog had closed is asked for as it was written, with the reason.

A dialog closes before its work begins, because that may take long. What was written in it is kept beside
the work; if that is refused, the same question is put again, its fields filled as they were, and the reason
stands at the field that it is of. A password is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QTableWidget,
    QWidget,
)

from casekit.errors import Cancelled, CaseKitError

if TYPE_CHECKING:
    from casekit.ui.form import Form
    from casekit.ui.window import Window

T = TypeVar("T")
Again = Callable[["CaseKitError | None"], None]
"""Asks again; told why it was refused, or None where somebody looked at it and went back."""
Name = tuple[str, str, int]
"""Kind of a field, its accessible name, and how many such fields stand before it."""


@runtime_checkable
class Composed(Protocol):
    """A field made of several, which knows itself what is written in it."""

    def written(self) -> Any:
        """What is written in it, as plain data."""
        ...

    def write(self, given: Any) -> None:
        """Write that again."""
        ...


class Kept:
    """What is written in a dialog, from its end until it is asked again."""

    def __init__(self) -> None:
        self.why: CaseKitError | None = None
        self._fields: dict[Name, Any] | None = None

    def keep(self, form: Form) -> None:
        """Take over what is written in all fields of a dialog."""
        self._fields = {name: _written(field) for name, field in _fields(form)}

    def put_back(self, form: Form) -> None:
        """Fill the fields as they were, and say the reason."""
        if self._fields is None:
            return
        for _ in range(2):  # a field may bring others with it, or set them
            for name, field in list(_fields(form)):
                if name in self._fields and _written(field) != self._fields[name]:
                    _write(field, self._fields[name])
        if self.why is not None:
            form.complain(self.why, form.field_of(self.why))


_asking: list[Kept] = []


def taken() -> Kept | None:
    """Where the dialog that opens now keeps what is written in it, once a question; None: nobody asks again."""
    return _asking.pop() if _asking else None


def until_taken(
    window: Window, ask: Callable[[], T | None], act: Callable[[T, Again], object]
) -> None:
    """Ask, and act on the answer; where that is refused, ask again as it was written.

    Args:
        window: Shows what was cancelled, and what is refused once another case is open.
        ask: Puts the question in a `Form`; None: somebody thought better of it.
        act: Begins the work, and calls its second argument if that is refused.
    """
    kept, shell = Kept(), window.shell

    def go() -> None:
        _asking.append(kept)
        try:
            answer = ask()
        finally:
            _asking.clear()
        if answer is not None:
            act(answer, again)

    def again(why: CaseKitError | None) -> None:
        if why is not None and (isinstance(why, Cancelled) or window.shell is not shell):
            window.refuse(why)
            return
        kept.why = why
        go()

    go()


def field_named(form: Form, why: CaseKitError) -> QWidget | None:
    """The field in which stands what a refusal names, as it is or as the path of a file; None: no field."""
    named = {str(value) for value in why.values.values()} - {""}
    for _name, field in _fields(form):
        written = _written(field)
        if isinstance(written, str) and written.strip() and field.isVisibleTo(form):
            said = written.strip()
            if {said, Path(said).name} & named:
                return field
    return None


def _fields(form: Form) -> Iterator[tuple[Name, QWidget]]:
    seen: dict[tuple[str, str], int] = {}
    for field in _inputs(form):
        known = type(field).__name__, field.accessibleName()
        number = seen[known] = seen.get(known, -1) + 1
        yield (*known, number), field


def _inputs(widget: QWidget) -> Iterator[QWidget]:
    directly = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for child in directly:
        if isinstance(child, Composed) or _is_input(child):
            yield child
        else:
            yield from _inputs(child)


def _is_input(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.echoMode() == QLineEdit.EchoMode.Normal and not widget.isReadOnly()
    if isinstance(widget, QPlainTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QAbstractButton):
        return widget.isCheckable()
    return isinstance(widget, QComboBox | QAbstractSpinBox | QListWidget | QTableWidget)


def _written(field: QWidget) -> Any:
    if isinstance(field, Composed):
        return field.written()
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QAbstractButton):
        return field.isChecked()
    if isinstance(field, QComboBox):
        return field.currentData(), field.currentText()
    if isinstance(field, QSpinBox):
        return field.value()
    if isinstance(field, QListWidget):
        return {
            field.item(row).text(): field.item(row).checkState() for row in range(field.count())
        }
    return _cells(field) if isinstance(field, QTableWidget) else None


def _write(field: QWidget, given: Any) -> None:
    if isinstance(field, Composed):
        field.write(given)
    elif isinstance(field, QLineEdit):
        field.setText(given)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(given)
    elif isinstance(field, QAbstractButton):
        field.setChecked(given)
    elif isinstance(field, QComboBox):
        _choose(field, *given)
    elif isinstance(field, QSpinBox):
        field.setValue(given)
    elif isinstance(field, QListWidget):
        for row in range(field.count()):
            item = field.item(row)
            if item.text() in given and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(given[item.text()])
    elif isinstance(field, QTableWidget):
        _fill(field, given)


def _choose(box: QComboBox, value: Any, words: str) -> None:
    at = box.findData(value) if value is not None else box.findText(words)
    if at >= 0:
        box.setCurrentIndex(at)
    if box.isEditable():
        box.setEditText(words)


def _cells(table: QTableWidget) -> dict[tuple[int, int], tuple[str, Any, bool]]:
    found = {}
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            cell = table.item(row, column)
            if cell is not None:
                found[row, column] = cell.text(), cell.checkState(), cell.isSelected()
    return found


def _fill(table: QTableWidget, given: dict[tuple[int, int], tuple[str, Any, bool]]) -> None:
    for (row, column), (text, ticked, chosen) in given.items():
        cell = table.item(row, column)
        if cell is None:
            continue
        if cell.flags() & Qt.ItemFlag.ItemIsEditable:
            cell.setText(text)
        if cell.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            cell.setCheckState(ticked)
        cell.setSelected(chosen)
