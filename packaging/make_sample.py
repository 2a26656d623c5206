"""Make the sample matter in resources/sample from the texts in packaging/sample_text.

make_sample.py [FOLDER]

The same texts give the same bytes: every time, identifier and random choice is fixed.
What is written by hand (HAND_WRITTEN) lives in resources/sample and is copied from there.
"""

import hashlib
import json
import sys
from pathlib import Path

from sample_log import account_list, api_log, make_accounts, schedule
from sample_mail import eml_files, mbox_file
from sample_outputs import TEXTS, alpaca_outputs, chat_outputs, read_prompts
from sample_papers import chart_png, letter_pdf, terms_docx

SAMPLE = Path(__file__).parent.parent / "resources" / "sample"
MAIL = "correspondence/aurora-legal"
HAND_WRITTEN = (
    "README.md",
    "collection.json",
    "documents/engineering-notes.txt",
    "documents/release-notes-aurora-4.html",
    "documents/translation-yunqiao-2026-01-19.txt",
)


def make_files() -> dict[str, bytes]:
    """Return every made file of the sample by its path."""
    prompts = read_prompts()
    traffic = json.loads((TEXTS / "traffic.json").read_text("utf-8"))
    accounts = make_accounts(traffic)
    requests = [(at, a.kind == "campaign") for at, a, _ in schedule(accounts, prompts)]
    papers = {
        "cease-and-desist-2026-02-10.pdf": letter_pdf(),
        "terms-of-service-2025-10-01.docx": terms_docx(),
        "usage-dashboard.png": chart_png(requests),
    }
    mails = eml_files(papers | {"accounts.csv": account_list(accounts)})
    hashes = "".join(
        f"{hashlib.sha256(data).hexdigest()},{MAIL}/{name}\n" for name, data in mails.items()
    )
    return {
        "model-outputs/aurora-4.json": alpaca_outputs(prompts, "aurora-4"),
        "model-outputs/meridian-r1.jsonl": chat_outputs(prompts, "meridian-r1"),
        "model-outputs/halden-2.json": alpaca_outputs(prompts, "halden-2"),
        "api-log/aurora-gateway-2026-01.jsonl.gz": api_log(prompts, accounts, traffic),
        "correspondence/meridian-custodian-export.mbox": mbox_file(),
        "supplied-hashes.csv": ("sha256,path\n" + hashes).encode(),
        **{f"{MAIL}/{name}": data for name, data in mails.items()},
        **{f"documents/{name}": data for name, data in papers.items()},
    }


def main(folder: Path) -> None:
    """Write the sample into folder."""
    copied = {path: (SAMPLE / path).read_bytes() for path in HAND_WRITTEN}
    for path, data in (make_files() | copied).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
