from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from casekit import settings
from casekit.dossier import token_key
from casekit.dossier.spec import DossierSpec
from casekit.errors import WrongPassword
from casekit.jobs import dossier
from casekit.jobs.verify_dossier import verify_dossier
from casekit.queries.checkpoints import checkpoints
from casekit.ui.signing import Asked, SignDossier, SignState, State
from casekit.ui.window import Window
from tests.builders import decide_all
from tests.pki import PASSWORD, Authorities, authorities

Rest = Callable[..., None]


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    with authorities(tmp_path) as made:
        yield made


def test_key_level_and_authority_are_asked_for(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    form = SignDossier(None, tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    assert form.password.echoMode() == QLineEdit.EchoMode.Password
    assert not form.form.isRowVisible(form.authority)
    (tmp_path / "d.pdf").touch()
    (tmp_path / "k.p12").touch()
    for field, path, said in ((form.pdf, "d.pdf", "dossier"), (form.key, "k.p12", "key file")):
        form.check()
        assert said in form.trouble.text()
        field.setText(str(tmp_path / path))
    low = form.height()
    form.level.setCurrentIndex(1)
    assert form.form.isRowVisible(form.authority)
    assert form.height() > low
    form.authority.clear()
    form.check()
    assert "time authority" in form.trouble.text()
    form.authority.setText(" https://stamps.example ")
    form.check()
    assert form.result() == QDialog.DialogCode.Accepted
    form.password.setText(PASSWORD)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    asked = form.answer()
    assert asked == Asked(
        tmp_path / "d.pdf", tmp_path / "k.p12", PASSWORD, "T", "https://stamps.example", ()
    )
    assert (form.password.text(), PASSWORD in repr(asked)) == ("", False)


def test_a_token_is_asked_for_by_module_and_labels(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    form = SignDossier(None, tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    assert not form.form.isRowVisible(form.certificate)
    (tmp_path / "d.pdf").touch()
    (tmp_path / "m.so").touch()
    form.pdf.setText(str(tmp_path / "d.pdf"))
    form.where.setCurrentIndex(1)
    for field, text, said in (
        (form.module, str(tmp_path / "m.so"), "module"), (form.certificate, " Jane ", "which certificate"),
    ):  # fmt: skip
        form.check()
        assert said in form.trouble.text()
        field.setText(text)
    form.check()
    assert form.result() == QDialog.DialogCode.Accepted
    form.password.setText("2468")
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    asked = form.answer()
    assert asked == Asked(tmp_path / "d.pdf", tmp_path / "m.so", "2468", "B", "", (), ("", "Jane"))
    assert (form.password.text(), "2468" in repr(asked)) == ("", False)


def test_a_wrong_pin_is_asked_for_again_and_all_else_stays(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "d.pdf").touch()
    (tmp_path / "m.so").touch()
    seen: list[tuple[object, ...]] = []

    def answered(form: SignDossier) -> int:
        form.show()
        seen.append((
            form.where.currentData(), form.certificate.text(), form.password.text(), form.trouble.text(),
            form.focusWidget() is form.password,
        ))  # fmt: skip
        form.pdf.setText(str(tmp_path / "d.pdf"))
        form.where.setCurrentIndex(1)
        form.module.setText(str(tmp_path / "m.so"))
        form.certificate.setText("Jane")
        form.password.setText("2468")
        return QDialog.DialogCode.Accepted if len(seen) == 1 else QDialog.DialogCode.Rejected

    def refused(*_: object) -> None:
        raise WrongPassword("The PIN is wrong: mind that a token locks itself after a few tries.")

    monkeypatch.setattr(QDialog, "exec", answered)
    monkeypatch.setattr(token_key, "open_token", refused)
    window.trigger("dossier.sign")
    rest()
    assert seen[0] == ("file", "", "", "", False)
    said = "▲ The PIN is wrong: mind that a token locks itself after a few tries."
    assert seen[1] == ("token", "Jane", "", said, True)  # the PIN itself is never kept


def test_an_issued_dossier_is_signed_from_the_window(
    window: Window, rest: Rest, pki: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    spec = DossierSpec(sections=("cover", "reading"))
    decide_all(window.shell.case)
    pdf = dossier.write(window.shell.case, spec, pki.folder / "d.pdf", issue=True).path
    words = ["wrong", PASSWORD]  # what is refused is asked for again
    monkeypatch.setattr(
        window.ask, "signing", lambda _: Asked(pdf, pki.key_file(), words.pop(0), "T", pki.url, ())
    )
    window.trigger("dossier.sign")
    rest()
    rest()
    assert window.notice.text == "✓ d.pdf is signed by Common Name: Jane Roe"
    report = verify_dossier(pdf, [pki.root_file])
    assert (report.ok, report.checked["signatures"]) == (True, 1)
    assert settings.load().time_authority == pki.url


def test_a_checkpoint_needs_a_key_or_an_authority_and_keeps_no_password(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = SignState(None, tmp_path)
    qtbot.addWidget(dialog)
    dialog.check()
    assert "key file, the address" in dialog.trouble.text()
    dialog.key.setText(str(tmp_path / "absent.p12"))
    dialog.check()
    assert "not there" in dialog.trouble.text()
    dialog.key.clear()
    dialog.authority.setText("https://stamps.example")
    dialog.out.setText(str(tmp_path / "absent"))
    dialog.check()
    assert "folder is not there" in dialog.trouble.text()
    dialog.out.clear()
    dialog.password.setText("secret")
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    asked = dialog.answer()
    assert asked == State(None, "secret", "https://stamps.example", None)
    assert "secret" not in repr(asked)
    assert dialog.password.text() == ""


def test_the_log_is_signed_from_the_window(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    with authorities(tmp_path) as pki:
        asked = State(pki.key_file(), PASSWORD, "", tmp_path)
        monkeypatch.setattr(window.ask, "checkpoint", lambda _folder: asked)
        window.trigger("case.checkpoint")
        rest()
        assert "The custody log is signed up to entry" in window.notice.text
    with window.shell.case.read() as s:
        assert [row.signer for row in checkpoints(s)] == ["Common Name: Jane Roe"]
    assert len(list(tmp_path.glob("checkpoint-*.p7s"))) == 1
