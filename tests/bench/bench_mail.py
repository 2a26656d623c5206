"""A mailbox into a case, hashes, custody, threads and full text included, beside `notmuch new`.

    python -m tests.bench.bench_mail [FILE.mbox]

CPU-seconds of all processes count. `notmuch` gets the same messages as files, which are made before it is
measured; vectors are counted on neither side. Without a file the test corpus' mailing list is unpacked.
"""

from __future__ import annotations

import json
import lzma
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import Figure, measured, python, tell
from tests.bench.run import CORPUS

PACKED = CORPUS / "mail-load" / "rml.mbox.xz"
CONFIG = """[database]
path={mail}
[user]
name=Bench
primary_email=bench@example.org
[new]
tags=
[search]
exclude_tags=
[maildir]
synchronize_flags=false
"""


def main() -> None:
    """Measure both, one after the other."""
    if sys.argv[1:2] == ["--ours"]:
        ours(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        box = Path(sys.argv[1]) if sys.argv[1:] else unpacked(Path(place))
        cost = measured(python("tests.bench.bench_mail", "--ours", box, Path(place) / "Case"))
        said = cost.said
        mails = said["mails"]
        print(
            f"{mails:,} mails, {said['repeated']} Message-IDs that occur more than once and are kept, "
            f"{said['accounted']:,} of {said['total']:,} bytes accounted for, {said['problems']:,} problems; "
            f"{said['seconds']:.1f} s"
        )
        base, messages = notmuch(box, Path(place)) if shutil.which("notmuch") else (None, 0)
        if base is None:
            print("notmuch is not installed: nothing to compare with (apt-get install notmuch)")
        elif messages != mails:
            print(f"notmuch was given {messages:,} files")
        name = "notmuch new" if base else ""
        us = 1e6 / mails
        tell(
            Figure(
                "CPU, all processes", us * cost.cpu, "µs/mail", name, us * base.cpu if base else 0
            )
        )
        tell(Figure("wall", us * cost.wall, "µs/mail", name, us * base.wall if base else 0))
        tell(
            Figure(
                "peak memory, all processes", cost.peak_mb, "MB", name, base.peak_mb if base else 0
            )
        )


def unpacked(place: Path) -> Path:
    """The corpus' mailbox."""
    if not PACKED.is_file():
        sys.exit("the test corpus is not beside the checkout: name an mbox file")
    with lzma.open(PACKED) as packed, (place / "box.mbox").open("wb") as f:
        shutil.copyfileobj(packed, f, 1 << 20)
    return place / "box.mbox"


def ours(box: Path, folder: Path) -> None:
    """Import and index, and print what came of it."""
    from sqlalchemy import func, select

    from casekit.jobs.intake import take_in
    from casekit.store.case import create_case
    from casekit.store.tables import item, mail

    with create_case(folder, "Benchmark") as case:
        started = time.perf_counter()
        found = take_in(case, [box])
        seconds = time.perf_counter() - started
        with case.read() as s:
            heads = (
                select(func.count())
                .select_from(item)
                .where(item.c.kind == "mail", item.c.parent_id.is_(None))
            )
            again = select(mail.c.message_id).group_by(mail.c.message_id).having(func.count() > 1)
            said = {
                "mails": s.execute(heads).scalar(),
                "repeated": len(s.execute(again.where(mail.c.message_id.is_not(None))).all()),
                "problems": len(found.problems),
                "total": found.bytes_total,
                "accounted": found.bytes_accounted,
                "seconds": seconds,
            }
    print(json.dumps(said))


def notmuch(box: Path, place: Path) -> tuple[object, int]:
    """What `notmuch new` costs on the same messages, and how many it was given."""
    mail = place / "Mail"
    messages = as_files(box, mail)
    config = place / "notmuch-config"
    config.write_text(CONFIG.format(mail=mail))
    return measured(["notmuch", "new", "--quiet"], NOTMUCH_CONFIG=str(config)), messages


def as_files(box: Path, mail: Path) -> int:
    """Each message of a mailbox as a file, a thousand to a folder; returns how many."""
    number = 0
    out = None
    with box.open("rb") as f:
        blank = True
        for line in f:
            if blank and line.startswith(b"From "):
                if out is not None:
                    out.close()
                folder = mail / f"{number // 1000:03d}" / "cur"
                folder.mkdir(parents=True, exist_ok=True)
                out = (folder / f"{number:07d}:2,").open("wb")
                number += 1
            elif out is not None:
                out.write(line)
            blank = line in (b"\n", b"\r\n")
    if out is not None:
        out.close()
    return number


if __name__ == "__main__":
    main()
