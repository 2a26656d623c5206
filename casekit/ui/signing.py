"""Signing an issued dossier in the window: the key, its password, the level, the time authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from casekit import settings
from casekit.errors import CaseKitError, WrongPassword
from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken

if TYPE_CHECKING:
    from casekit.dossier.sign import Level, Signer
    from casekit.progress import Progress
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window


@dataclass(frozen=True, slots=True)
class Asked:
    """What shall be signed with what; `repr` leaves the password out.

    Attributes:
        key: A key file, or the module of a token.
        token: The token's label and that of the certificate on it; None where the key is in a file.
    """

    pdf: Path
    key: Path
    password: str
    level: Level
    authority: str
    roots: tuple[Path, ...]
    token: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Asked({self.pdf.name}, level {self.level})"


class _KeyForm(Form):
    """A dialog that asks for files, and for a password that it does not keep."""

    _folder: Path
    password: QLineEdit

    def field_of(self, why: CaseKitError) -> QWidget | None:
        """A wrong password is said where it is written."""
        return self.password if isinstance(why, WrongPassword) else super().field_of(why)

    def _place(self, name: str, kinds: str) -> QLineEdit:
        return self.source(name, kinds, self._folder)


class SignDossier(_KeyForm):
    """Asks for the dossier, the key file with its password, and how lasting the signature shall be."""

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(
            parent, tr("Sign a dossier"),
            tr("Only an issued dossier can be signed. One made to keep is signed inside; one to file stays "
               "as it is, and the signature is written beside it. The password is not kept."),
            tr("Sign"),
        )  # fmt: skip
        self._folder = folder
        self.pdf = self._place(tr("Dossier"), "PDF (*.pdf)")
        self.where = self.choice(
            tr("The key is"),
            [("file", tr("In a file")), ("token", tr("On a card or token (PKCS#11)"))],
        )
        self.key = self._place(tr("Key file"), "PKCS#12 (*.p12 *.pfx)")
        self.module = self._place(tr("Module of its maker"), "PKCS#11 (*.so *.dll *.dylib)")
        self.token = self.field(tr("Token"), "", tr("its label; empty: the first that is there"))
        self.certificate = self.field(tr("Certificate on it"), "", tr("its label"))
        self.password = self.field(tr("Password or PIN"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.level = self.choice(
            tr("Level"),
            [
                ("B", tr("Signature")),
                ("T", tr("Signature and time stamp (network)")),
                ("LTA", tr("Time stamp, to last for years (network)")),
            ],
        )
        self.authority = self.field(
            tr("Time authority"), settings.load().time_authority, tr("https://… (RFC 3161)")
        )
        self.root = self._place(
            tr("Root certificates"), tr("Certificates") + " (*.pem *.crt *.cer *.der)"
        )
        self.level.currentIndexChanged.connect(self._fit)
        self.where.currentIndexChanged.connect(self._fit)
        self._fit()

    @property
    def _on_token(self) -> bool:
        return bool(self.where.currentData() == "token")

    def _fit(self) -> None:
        level = self.level.currentData()
        self.show_row(self.key, not self._on_token)
        self.show_row(self.module, self._on_token)
        self.form.setRowVisible(self.token, self._on_token)
        self.form.setRowVisible(self.certificate, self._on_token)
        self.form.setRowVisible(self.authority, level != "B")
        self.show_row(self.root, level == "LTA")
        self.adjustSize()  # else the rows that came share the height of those that were there

    def check(self) -> None:
        """Both files must be there, and what the level needs."""
        level = self.level.currentData()
        if not Path(self.pdf.text()).is_file():
            self.complain(tr("Choose the dossier: this file is not there."), self.pdf)
        elif not self._on_token and not Path(self.key.text()).is_file():
            self.complain(tr("Choose the key file: this file is not there."), self.key)
        elif self._on_token and not Path(self.module.text()).is_file():
            self.complain(
                tr("Choose the module of the token’s maker: this file is not there."), self.module
            )
        elif self._on_token and not self.certificate.text().strip():
            self.complain(tr("Say which certificate on the token signs."), self.certificate)
        elif level != "B" and not self.authority.text().strip():
            self.complain(tr("A time stamp needs the address of a time authority."), self.authority)
        elif level == "LTA" and self.root.text() and not Path(self.root.text()).is_file():
            self.complain(tr("Choose the root certificates: this file is not there."), self.root)
        else:
            self.accept()

    def answer(self) -> Asked | None:
        """What to sign with what; the password is taken out of the dialog."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        password = self.password.text()
        self.password.clear()
        if not accepted:
            return None
        level = cast("Level", self.level.currentData())
        roots = (Path(self.root.text()),) if level == "LTA" and self.root.text() else ()
        labels = (self.token.text().strip(), self.certificate.text().strip())
        return Asked(
            Path(self.pdf.text()), Path((self.module if self._on_token else self.key).text()), password,
            level, self.authority.text().strip() if level != "B" else "", roots,
            labels if self._on_token else None,
        )  # fmt: skip


@contextmanager
def _signer(asked: Asked) -> Iterator[Signer]:
    """The key that was named: in a file, or on a token for as long as the block lasts."""
    from casekit.dossier.sign import open_key
    from casekit.dossier.token_key import open_token

    if asked.token is None:
        yield open_key(asked.key, asked.password)
        return
    with open_token(asked.key, *asked.token, asked.password) as signer:
        yield signer


def sign_dossier(window: Window) -> None:
    """Ask for dossier and key, sign, and say what was written."""
    shell = window.shell
    if shell is None:
        return
    folder = shell.case.folder.parent
    until_taken(window, lambda: window.ask.signing(folder), partial(_sign, window, shell))


def _sign(window: Window, shell: Shell, asked: Asked, again: Again) -> None:
    case = shell.case

    def work(progress: Progress) -> Any:
        from casekit.dossier.sign import Authority, read_roots
        from casekit.jobs import signing

        authority = Authority(asked.authority) if asked.authority else None
        roots = read_roots(asked.roots)
        with _signer(asked) as signer:
            return signing.sign_dossier(
                case, asked.pdf, signer, asked.level, authority, roots, progress
            )

    def done(signed: Any) -> None:
        if asked.authority:
            settings.remember_authority(asked.authority)
        if window.workspace is not None:
            window.workspace.refresh()
        window.notice.show_text(
            tr("{name} is signed by {signer}", name=asked.pdf.name, signer=signed.signer), "ok"
        )

    shell.jobs.start(tr("Signing the dossier"), work, done, again, lane="long")


@dataclass(frozen=True, slots=True)
class State:
    """With what the state of the custody log shall be signed; `repr` leaves the password out."""

    key: Path | None
    password: str
    authority: str
    out: Path | None

    def __repr__(self) -> str:
        return f"State({'signed' if self.key else 'stamped'})"


class SignState(_KeyForm):
    """Asks for a key, a time-stamping authority, or both, and where a copy is kept."""

    def __init__(self, parent: QWidget | None, folder: Path) -> None:
        super().__init__(
            parent,
            tr("Checkpoint"),
            tr("Signs the custody log as it is now, has it time-stamped, or both, so that nobody can make "
               "another log in its place. Keep the copy outside the case, where others cannot change it."),
            tr("Make the checkpoint"),
        )  # fmt: skip
        self._folder = folder
        self.key = self._place(tr("Key file"), "PKCS#12 (*.p12 *.pfx)")
        self.password = self.field(tr("Password of the key"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.authority = self.field(tr("Time authority"), "", tr("https://… (RFC 3161)"))
        self.out = self.target(
            tr("Copy in the folder"),
            str(folder),
            tr("empty: no copy outside the case"),
            folder=True,
        )

    def check(self) -> None:
        """A key or an authority is needed, and a folder that is there."""
        key, out = self.key.text().strip(), self.out.text().strip()
        if not key and not self.authority.text().strip():
            self.complain(
                tr("Give a key file, the address of a time authority, or both."), self.key
            )
        elif key and not Path(key).is_file():
            self.complain(tr("Choose the key file: this file is not there."), self.key)
        elif out and not Path(out).is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.out)
        else:
            self.accept()

    def answer(self) -> State | None:
        """With what to sign; the password is taken out of the dialog."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        password = self.password.text()
        self.password.clear()
        if not accepted:
            return None
        key, out = self.key.text().strip(), self.out.text().strip()
        return State(
            Path(key) if key else None,
            password,
            self.authority.text().strip(),
            Path(out) if out else None,
        )


def sign_state(window: Window) -> None:
    """Ask for key and authority, and sign the custody log as it is."""
    shell = window.shell
    if shell is None:
        return
    folder = shell.case.folder.parent
    until_taken(window, lambda: window.ask.checkpoint(folder), partial(_sign_state, window, shell))


def _sign_state(window: Window, shell: Shell, asked: State, again: Again) -> None:
    case = shell.case

    def work(progress: Progress) -> Any:
        from casekit.dossier.sign import Authority, open_key
        from casekit.jobs import checkpoint

        signer = open_key(asked.key, asked.password) if asked.key else None
        authority = Authority(asked.authority) if asked.authority else None
        return checkpoint.make(case, signer, authority, asked.out, progress)

    def done(made: Any) -> None:
        if made.authority:
            settings.remember_authority(made.authority)
        window.notice.show_text(
            tr("The custody log is signed up to entry {seq}", seq=made.seq), "ok"
        )

    shell.jobs.start(tr("Signing the custody log"), work, done, again, lane="long")
