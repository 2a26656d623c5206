"""The command that signs the state of the custody log, or has it time-stamped."""

from __future__ import annotations

from pathlib import Path

import click

from casekit import settings
from casekit.cli.output import Meter, json_line, say
from casekit.cli.signing import PASSWORD, read_password
from casekit.clock import from_us, iso
from casekit.store.case import Case, open_case


@click.command("checkpoint")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Key and certificate as PKCS#12 (.p12, .pfx); its password is asked.")  # fmt: skip
@click.option("--stamp", is_flag=True, help="Ask the time-stamping authority that is remembered.")
@click.option("--authority", metavar="URL",
              help="Time-stamping authority (RFC 3161); it gets a hash; it is remembered.")  # fmt: skip
@click.option("--out", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
              help="Write statement, signature and stamp into a folder outside the case too.")  # fmt: skip
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help=f"File whose first line is the key's password; or set {PASSWORD}.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def checkpoint_command(
    case: Path, key_file: Path | None, stamp: bool, authority: str | None, out: Path | None,
    password_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Sign the custody log of CASE as it is, or have it time-stamped; without either list what was signed."""
    from casekit.dossier.sign import Authority, open_key
    from casekit.jobs import checkpoint

    address = authority or (settings.load().time_authority if stamp else None)
    with open_case(case) as opened:
        if key_file is None and not address and not stamp:
            _list(opened, as_json)
            return
        signer = open_key(key_file, read_password(password_file)) if key_file else None
        meter = Meter("Signing the custody log", shown=not as_json)
        made = checkpoint.make(opened, signer, Authority(address) if address else None, out, meter)
        meter.done(f"entry {made.seq:,}")
    if address:
        settings.remember_authority(address)
    if as_json:
        json_line({
            "v": 1, "seq": made.seq, "root": made.root, "signer": made.signer, "authority": made.authority,
            "files": [str(p) for p in made.files],
        })  # fmt: skip
        return
    by = " and ".join(part for part in (made.signer, made.authority) if part)
    say(f"Custody log up to entry {made.seq:,}, root {made.root}: vouched for by {by}")
    for path in made.files:
        say(str(path))


def _list(case: Case, as_json: bool) -> None:
    from casekit.queries.checkpoints import checkpoints

    with case.read() as s:
        for row in checkpoints(s):
            by = " and ".join(part for part in (row.signer, row.authority) if part)
            if as_json:
                json_line({
                    "v": 1, "seq": row.seq, "root": row.root.hex(), "signer": row.signer,
                    "certificate_sha256": row.certificate_sha256, "authority": row.authority,
                    "at": iso(row.at_us),
                })  # fmt: skip
            else:
                say(
                    f"{from_us(row.at_us):%Y-%m-%d %H:%M:%S} UTC  entry {row.seq:,}  {by}  {row.root.hex()}"
                )
