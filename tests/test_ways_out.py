"""Every way out of a case against every reason that something may not leave, so that none falls between two."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from casekit.dossier.companion import Kind
from casekit.dossier.spec import DossierSpec
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import (
    clawback,
    companion,
    dossier,
    overlay,
    privilege_log,
    production,
    provenance,
    review_package,
)
from casekit.ops import (
    claims,
    exhibits,
    facts,
    matter,
    privilege,
    pseudonyms,
    redactions,
    reviews,
    sendings,
    tiers,
    translations,
    trial,
)
from casekit.ops import clawback as clawback_ops
from casekit.ops.boxes import NewBox, add_boxes
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import claims as claim_queries
from casekit.queries import items
from casekit.queries.boxes import BoxWord, Rect
from casekit.queries.checks import Unchecked
from casekit.queries.clearance import Undecided
from casekit.queries.conflicts import PrivilegeConflict
from casekit.queries.tiers import TierConflict
from casekit.store.case import Case, open_case
from casekit.ui import xlsx
from tests.builders import decide_all, file_items, make_item

NAME = "Jonathan Quillfeather Vandermeer Osgood"
MARK = "harbourquince"
SECRET_BODY = (
    f"Pay {NAME} from the {MARK} fund before the spring audit and say nothing of the reserve."
)
MAIL = (
    "From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%s@x>\n"
    "Date: %s Feb 2026 10:00:00 +0000\n\n%s\n"
)
RECT = Rect(90_000, 90_000, 300_000, 130_000)
FIRST = "ABC-0000001"

TELLING = (
    "volume", "slip sheets", "replacement", "overlay", "dossier", "index", "claims", "facts", "chronology",
    "trial", "redactions", "provenance", "provenance of a volume",
)  # fmt: skip
"""Ways that tell of items which are handed over or are exhibits."""
LETTERS = ("letter", "letter.docx")
LISTS = frozenset({"index", "claims", "facts", "chronology", "trial", "redactions"})
"""These say in themselves that they are for nobody in particular, where an order asks who receives them."""


@pytest.fixture
def base(case: Case, tmp_path: Path) -> Case:
    """Mail 1 that tells a name and a mark, mail 2 that was taken back, mail 3 of lunch, a page 4 of a file.

    The mails were handed over in VOL001; 1 and 3 are exhibits.
    """
    mails = (
        (f"On {NAME}, {MARK}", SECRET_BODY),
        ("Second", "Of tea."),
        ("Lunch", "At noon, by the lake."),
    )
    for no, (subject, body) in enumerate(mails, 1):
        (tmp_path / f"{no}.eml").write_text(MAIL % (subject, no, no, body))
        ingest(case, [tmp_path / f"{no}.eml"])
    page = make_item("Page", name="page.pdf", media_type="application/pdf", pages=1)
    page.texts = [("page/1", f"A sheet for {NAME} alone")]
    file_items(case, [page], tmp_path, "page.pdf")
    decide_all(case)
    with case.write() as s:
        redactions.redact(s, [(3, "body", 0, 7)], "privacy")
        exhibits.mark_exhibit(s, 1, "A-1", title=f"Letter on {NAME}, {MARK}")
        exhibits.mark_exhibit(s, 3, "A-2")
    wish = Wish(prefix="ABC", images="none")
    production.write(case, production.plan(case, "kind:mail", wish), tmp_path / "first")
    with case.write() as s:
        trial.set_trial(s, {"A-1": {"witness": NAME, "purpose": f"Shows the {MARK}"}})
        claims.add_claim(s, "Breach", kind="terms")
        (element, *_) = (row.id for each in claim_queries.claims(s) for row in each.elements)
        for item_id, text in (
            (1, f"{NAME} was paid of {MARK}"),
            (3, "They met by the lake"),
        ):
            facts.add_fact(
                s, text, status="undisputed", material="yes", elements=[element],
                cites=[facts.NewCite(item_id, "body", 8, 60 if item_id == 1 else 20)],
            )  # fmt: skip
        clawback_ops.take_back(s, [2], "attorney-client", f"Sent by {NAME}")
    return case


def _redact(case: Case, item_id: int, part: str, words: str) -> None:
    with case.write() as s:
        at = items.view(s, item_id).text(part).index(words)
        redactions.redact(s, [(item_id, part, at, at + len(words))], "privacy")


def _copy(case: Case, folder: Path) -> None:
    """Item 5: the same words in another mail."""
    (folder / "5.eml").write_text(MAIL % ("Other", 5, 5, f"Dear all,\n\n{SECRET_BODY}"))
    ingest(case, [folder / "5.eml"])


def privileged(case: Case, _folder: Path) -> None:
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client", note="Advice")


def like_privileged(case: Case, folder: Path) -> None:
    _copy(case, folder)
    with case.write() as s:
        privilege.assert_privilege(s, [5], "attorney-client", note="Advice")


def undecided(case: Case, _folder: Path) -> None:
    with case.write() as s:
        privilege.reopen_items(s, [1])


def sequestered(case: Case, _folder: Path) -> None:
    clawback.receive(case, Notice("Them", ["item 1"], reference="letter"))


def like_sequestered(case: Case, folder: Path) -> None:
    _copy(case, folder)
    clawback.receive(case, Notice("Them", ["item 5"], reference="letter"))


def redacted(case: Case, _folder: Path) -> None:
    _redact(case, 1, "body", NAME)


def redacted_elsewhere(case: Case, _folder: Path) -> None:
    _redact(case, 4, "page/1", NAME)


def boxed_elsewhere(case: Case, _folder: Path) -> None:
    words = [BoxWord(w, 100_000, 100_000, 200_000, 120_000) for w in NAME.split()]
    with case.write() as s:
        add_boxes(s, [NewBox(4, 1, RECT, words=tuple(words), source="tesseract")], "privacy")


def pseudonym(case: Case, _folder: Path) -> None:
    with case.write() as s:
        pseudonyms.give(s, "person", [NAME])


def unchecked(case: Case, _folder: Path) -> None:
    _redact(case, 1, "body", "spring")
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
        matter.set_matter(s, {"redaction_review": "second"})


def half_redacted(case: Case, _folder: Path) -> None:
    _redact(case, 4, "page/1", "A sheet")
    with case.write() as s:
        translations.pair_translation(s, 1, 4, made="human", translator="T. Ran")


def ordered(case: Case, _folder: Path) -> None:
    """An order on confidentiality, under which nobody is named."""
    with case.write() as s:
        tiers.choose_order(s, "us-protective-order")


def tiered(case: Case, folder: Path) -> None:
    ordered(case, folder)
    with case.write() as s:
        tiers.give_tier(s, [1], "Attorneys’ Eyes Only")


def like_tiered(case: Case, folder: Path) -> None:
    """Of no tier itself: mail 1 says what mail 5 says, which is for counsel alone."""
    _copy(case, folder)
    ordered(case, folder)
    with case.write() as s:
        tiers.give_tier(s, [5], "Attorneys’ Eyes Only")


PARTY = ("Meridian Ltd, opposing-party",)
TO = {tiered: PARTY, like_tiered: PARTY}
"""For whom it is written."""


def _volume(case: Case, out: Path, query: str, wish: Wish, to: tuple[str, ...]) -> None:
    wish = msgspec.structs.replace(wish, recipients=to)
    production.write(case, production.plan(case, query, wish), out / "volume")


def _list(case: Case, kind: Kind, out: Path, to: tuple[str, ...]) -> None:
    companion.write(case, kind, out, DossierSpec(recipients=to))


def _register(case: Case, out: Path, to: tuple[str, ...]) -> None:
    with case.write() as s:
        sendings.add_sending(s, 1, NAME, "portal", "2026-03-14")
    _list(case, "issued", out, to)


WAYS: dict[str, Callable[[Case, Path, tuple[str, ...]], object]] = {
    "volume": lambda case, out, to: _volume(case, out, "id:1 OR id:3", Wish(images="none"), to),
    "slip sheets": lambda case, out, to: _volume(
        case, out, "id:1 OR id:3", Wish(images="none", slips=True), to
    ),
    "replacement": lambda case, out, to: _volume(
        case, out, "", Wish(images="none", replace=(FIRST,), reason="Again"), to
    ),
    "overlay": lambda case, out, to: overlay.write(
        case, overlay.plan(case, "*", designation="NEW", recipients=to), out / "overlay"
    ),
    "dossier": lambda case, out, to: dossier.write(
        case, DossierSpec(recipients=to), out / "d.pdf", issue=True
    ),
    "index": lambda case, out, to: _list(case, "index", out / "l.docx", to),
    "claims": lambda case, out, to: _list(case, "claims", out / "l.xlsx", to),
    "facts": lambda case, out, to: _list(case, "facts", out / "l.docx", to),
    "chronology": lambda case, out, to: _list(case, "chronology", out / "l.xlsx", to),
    "trial": lambda case, out, to: _list(case, "trial", out / "l.docx", to),
    "redactions": lambda case, out, to: _list(case, "redactions", out / "l.xlsx", to),
    "provenance": lambda case, out, to: provenance.write(case, out / "p.jsonld", DossierSpec(recipients=to)),
    "provenance of a volume": lambda case, out, to: provenance.write_volume(
        case, "VOL001", out / "v.jsonld", to
    ),
    "log.csv": lambda case, out, to: privilege_log.write(case, out / "log.csv"),
    "log.docx": lambda case, out, to: privilege_log.write(case, out / "log.docx", "metadata"),
    "letter": lambda case, out, to: clawback.write_letter(case, out / "letter.txt"),
    "letter.docx": lambda case, out, to: clawback.write_letter(case, out / "letter.docx"),
    "items": lambda case, out, to: xlsx.write_list(case, np.array([1, 3]), out / "i.xlsx", Silent()),
    "issued": lambda case, out, to: _register(case, out / "l.docx", to),
}  # fmt: skip


def everything(folder: Path) -> str:
    """All that a stranger reads in the files of a folder, in small letters; nothing of an empty folder."""
    found = ""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"\n".join(book.read(name) for name in book.namelist())
        elif data.startswith(b"%PDF"):
            data += subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
        found += f"{path.name}\n{data.decode('utf-8', 'replace')}\n".lower()
    return found


WORDS = frozenset({*TELLING, *LETTERS}) - {"overlay", "redactions"}
IN_OUR_WORDS = frozenset({"claims", "facts", "trial", *LETTERS})
REFUSED: dict[Callable[[Case, Path], None], tuple[type[CaseKitError], str, frozenset[str]]] = {
    like_privileged: (PrivilegeConflict, "nearly the same text", frozenset({*TELLING, "items"})),
    like_sequestered: (PrivilegeConflict, "nearly the same text", frozenset({*TELLING, "items"})),
    undecided: (Undecided, "item 1 ", frozenset(TELLING)),
    redacted: (
        CaseKitError,
        "would tell words that are redacted",
        frozenset({"claims", "facts", "trial", *LETTERS}),
    ),
    redacted_elsewhere: (CaseKitError, r"would tell words .* redaction no\. 2 \(item 4\)", WORDS),
    boxed_elsewhere: (
        CaseKitError,
        r"would tell words .* redaction box 1 on page 1 \(item 4",
        WORDS,
    ),
    unchecked: (Unchecked, "pseudonym 1", frozenset({*TELLING, "issued", "log.csv", "log.docx"})),
    half_redacted: (CaseKitError, "would tell in another language", frozenset(TELLING)),
    ordered: (TierConflict, "say who receives this", frozenset(TELLING) - LISTS),
    tiered: (TierConflict, "Attorneys’ Eyes Only: item 1", frozenset(TELLING)),
    like_tiered: (TierConflict, "item 1 is nearly the same text as item 5", frozenset(TELLING)),
}
"""What each reason stops, and how the refusal says so; every other way is open and does without what may not
leave. An overlay of a designation, a redaction log and the register tell no words of the items."""

HIDDEN = {
    privileged: MARK, like_privileged: MARK, undecided: MARK, sequestered: MARK, like_sequestered: MARK,
    redacted: NAME, redacted_elsewhere: NAME, boxed_elsewhere: NAME, pseudonym: NAME, unchecked: "spring",
    half_redacted: MARK,
}  # fmt: skip
"""What each reason hides in the ways that stay open."""
OURS = (ordered, tiered, like_tiered)
"""Reasons that stop what somebody receives; logs, letters and the list of our own stay as they are."""


def test_the_table_names_no_other_ways() -> None:
    assert {way for _, _, ways in REFUSED.values() for way in ways} | {
        *TELLING,
        *LETTERS,
    } <= WAYS.keys()


@pytest.mark.parametrize("reason", [*HIDDEN, *OURS])
def test_nothing_leaves_that_may_not(
    base: Case, tmp_path: Path, reason: Callable[[Case, Path], None]
) -> None:
    reason(base, tmp_path)
    kind, says, ways = REFUSED.get(reason, (CaseKitError, "", frozenset()))
    for way, leave in WAYS.items():
        out = tmp_path / "outs" / way
        out.mkdir(parents=True)
        if way in ways:
            with pytest.raises(kind, match=says):
                leave(base, out, TO.get(reason, ()))
            assert everything(out) == "", way
        else:
            leave(base, out, TO.get(reason, ()))
            told = everything(out)
            assert told, way
            if reason in OURS:
                continue
            titles_alone = (
                way == "items" and reason is half_redacted
            )  # what is redacted is in a body
            assert titles_alone or HIDDEN[reason].split()[-1].lower() not in told, way


@pytest.mark.parametrize("reason", [sequestered, like_sequestered])
def test_a_review_package_is_for_ones_own_side_and_holds_nothing_sequestered(
    base: Case, tmp_path: Path, reason: Callable[[Case, Path], None]
) -> None:
    """It shows privileged and redacted items whole, so the rest of the table is not for it."""
    reason(base, tmp_path)
    with base.read() as s:
        ids = items.item_ids(s)
    with base.write() as s:
        reviews.make_set(s, "all", [int(i) for i in ids])
    out = tmp_path / "outs"
    out.mkdir()
    review_package.pack(base, "all", out / "all", "R. Two", privileged="with")
    open_case(out / "all.casereview").close()
    told = everything(out)
    assert "lunch" in told
    assert MARK not in told


def test_what_may_leave_does(base: Case, tmp_path: Path) -> None:
    """Without a reason all the ways are open, and tell what the table's reasons hide."""
    for way, leave in WAYS.items():
        (tmp_path / way).mkdir()
        leave(base, tmp_path / way, ())
        told = everything(tmp_path / way)
        telling = way not in ("overlay", "redactions", "log.csv", "log.docx")
        assert ("osgood" in told) is telling, way
        assert (MARK in told) is (telling and way not in (*LETTERS, "issued")), way
