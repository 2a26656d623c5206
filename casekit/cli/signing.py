"""The command that signs an issued dossier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekit import settings
from casekit.cli.output import Meter, json_line, say
from casekit.errors import CaseKitError
from casekit.store.case import open_case

if TYPE_CHECKING:
    from casekit.dossier.sign import Level, Signer

PASSWORD = "CASEKIT_KEY_PASSWORD"


@click.command("sign")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("dossier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "key_file",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Key and certificate as PKCS#12 (.p12, .pfx); its password is asked.")  # fmt: skip
@click.option("--module", type=click.Path(dir_okay=False, path_type=Path),
              help="Instead of a key file: PKCS#11 library of a card, stick or security module.")  # fmt: skip
@click.option("--token", default="", help="The token's label; without it the first that is there.")
@click.option("--certificate", default="", help="Label of the certificate on the token.")
@click.option("--level", type=click.Choice(["B", "T", "LTA"]), default="B", show_default=True,
              help="B a signature, T with a time stamp, LTA to last; T and LTA use the network.")  # fmt: skip
@click.option("--authority", metavar="URL",
              help="Time-stamping authority (RFC 3161); remembered, and used when none is given.")  # fmt: skip
@click.option("--root", "roots", multiple=True,
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Certificate that signer or time authority rest on, for LTA; may be repeated.")  # fmt: skip
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help=f"File whose first line is the key's password; or set {PASSWORD}.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sign_command(
    case: Path,
    dossier: Path,
    key_file: Path | None,
    module: Path | None,
    token: str,
    certificate: str,
    level: Level,
    authority: str | None,
    roots: tuple[Path, ...],
    password_file: Path | None,
    as_json: bool,
) -> None:
    """Sign DOSSIER.pdf, which CASE issued: inside if it is one to keep, beside if it is one to file."""
    from casekit.dossier.sign import Authority, read_roots
    from casekit.jobs.signing import sign_dossier

    address = authority or settings.load().time_authority
    asked = Authority(address) if level != "B" and address else None
    with (
        open_case(case) as opened,
        _signer(key_file, module, token, certificate, password_file) as signer,
    ):
        meter = Meter("Signing")
        signed = sign_dossier(opened, dossier, signer, level, asked, read_roots(roots), meter)
        meter.done(f"by {signed.signer}")
    if asked:
        settings.remember_authority(asked.url)
    if as_json:
        json_line({
            "v": 1, "where": signed.where, "level": signed.level, "signer": signed.signer,
            "certificate_sha256": signed.certificate_sha256, "before_sha256": signed.before_sha256,
            "sha256": signed.after_sha256, "beside": [str(p) for p in signed.beside],
        })  # fmt: skip
        return
    say(f"{signed.path}: signed by {signed.signer}, level {signed.level}")
    say(f"certificate SHA-256 {signed.certificate_sha256}")
    say(f"dossier SHA-256 {signed.after_sha256}")
    for path in signed.beside:
        say(str(path))


@contextmanager
def _signer(
    key_file: Path | None, module: Path | None, token: str, certificate: str, password_file: Path | None
) -> Iterator[Signer]:  # fmt: skip
    """The key that is named: in a file, or on a token."""
    from casekit.dossier.sign import open_key
    from casekit.dossier.token_key import open_token

    if (key_file is None) == (module is None):
        raise CaseKitError("Name the key: either a file with --key, or a token with --module.")
    if key_file is not None:
        yield open_key(key_file, read_password(password_file))
        return
    if module is None or not certificate:
        raise CaseKitError("Say which certificate on the token signs: give its --certificate.")
    with open_token(module, token, certificate, read_password(password_file)) as signer:
        yield signer


def read_password(file: Path | None) -> str:
    """From a file, the environment or the terminal; never from the command line, which others can read."""
    if file is not None:
        try:
            return (file.read_text("utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeError) as error:
            raise CaseKitError(
                "The password cannot be read from {name}: write it there in UTF-8, as the first line.",
                name=file.name,
            ) from error
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    return str(click.prompt("Password of the key", hide_input=True, default="", show_default=False))
