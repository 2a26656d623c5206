"""A public and a sealed copy: alike in every place, and each with no word more than it may tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest

from casekit.dossier.draw import Drawing
from casekit.dossier.flow import Link, Page, Text
from casekit.dossier.leaks import check_file
from casekit.dossier.pdfa import Profile
from casekit.dossier.redact import all_withheld, privileged
from casekit.dossier.render import Rendered
from casekit.dossier.spec import SECTIONS, DossierSpec
from casekit.dossier.two_copies import Pair, plan_pair, render_pair
from casekit.errors import CaseKitError
from casekit.ops import boxes, privilege, pseudonyms
from casekit.ops.boxes import NewBox
from casekit.ops.redactions import redact
from casekit.queries.boxes import Rect
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests import verapdf
from tests.dossier.builders import Builder, answer, image, message, set_caption
from tests.dossier.pdf_text import bare, glyphs_of
from tests.dossier.test_redact import CERTIFIED, everything

SECRET = (
    "the tangerine ledger of Vera Quist holds forty accounts\n"
    "and a password that reads xylophone-zebra-counterrevolutionary, 报告 και תקציר"
)
SHUT = "counsel advises to settle at once"
NAME = "Ottoline Brackwater"
TEXT = (
    f"Dear all,\n\nit is true that {SECRET} as we said. Privately, {SHUT}. {'So we went on. ' * 60}"
)
TRACES = (
    "tangerine", "veraquist", "xylophone", "counterrevolutionary", "报告", "και", "ottoline", "brackwater",
)  # fmt: skip


@pytest.fixture
def secret(case: Case, built: Builder) -> Builder:
    """A mail with a passage for the court alone and one for nobody, a name, and a picture with two boxes."""
    set_caption(case)
    letter = message(subject="About the ledger")
    letter.texts = [("body", TEXT)]
    ids = built.add("inbox.mbox", letter)
    built.exhibit(ids[0], "A-1", title="On the tangerine ledger of Vera Quist holds forty accounts")
    asked = built.add("a.jsonl", answer(f"Who is {NAME}?", f"{NAME} is unknown. " * 30, "m"))
    built.exhibit(asked[0], "B-1", title=f"On {NAME}")
    (shot,) = built.add("shot.png", image("shot.png"))
    built.exhibit(shot, "C-1")
    with case.write() as s:
        for words, reason in ((SECRET, "confidential"), (SHUT, "attorney-client")):
            start = TEXT.index(words)
            redact(s, [(ids[0], "body", start, start + len(words))], reason)
        pseudonyms.give(s, "person", [NAME])
        places = Rect(100_000, 100_000, 500_000, 300_000), Rect(600_000, 100_000, 900_000, 300_000)
        for place, reason in zip(places, ("privacy", "work-product"), strict=True):
            boxes.add_boxes(s, [NewBox(shot, 1, place)], reason)
    return built


def planned(case: Case, profile: Profile = "filing") -> Pair:
    with case.read() as s:
        return plan_pair(s, DossierSpec(sections=SECTIONS, certificates=CERTIFIED, profile=profile))


def written(
    built: Builder, folder: Path, profile: Profile = "filing", pair: Pair | None = None
) -> tuple[Rendered, Rendered]:
    pair = pair or planned(built.case, profile)
    return render_pair(pair, built.originals, folder / "d.pdf", folder / "d-SEALED.pdf")


def printed(path: Path) -> str:
    return bare("".join(g.character for page in glyphs_of(path) for g in page)).casefold()


def places(path: Path) -> Any:
    """Where a file has bookmarks, destinations, page labels, links, frames and stamps."""
    with pikepdf.open(path) as pdf:
        found: list[Any] = [
            (str(name), [float(to[2]), float(to[3])])
            for name, to in zip(*[iter(pdf.Root.Names.Dests.Names)] * 2, strict=True)
        ]  # fmt: skip
        with pdf.open_outline() as outline:
            found += [str(e.destination) for top in outline.root for e in (top, *top.children)]
        for page in pdf.pages:
            steps = pikepdf.parse_content_stream(page)
            found.append([[float(v) for v in s.operands] for s in steps if str(s.operator) == "l"])
            found.append([list(map(float, a.Rect)) for a in page.obj.get("/Annots", [])])
        return found, str(pdf.Root.PageLabels)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is put on every page that is drawn, without the letters."""
    found: list[Any] = []
    page = Drawing.page

    def watched(self: Drawing, one: Page, *rest: Any) -> None:
        ops = [
            (type(op).__name__, *(getattr(op, n, None) for n in ("x", "y", "x0", "y0", "size")))
            for op in one.ops
        ]
        found.append((one.no, ops, one.dests, one.bates, one.part, one.parts, one.chapter))
        page(self, one, *rest)

    monkeypatch.setattr(Drawing, "page", watched)
    return found


@pytest.mark.parametrize("profile", ["filing", "bundle", "archive", "accessible"])
def test_both_copies_have_every_line_stamp_and_bookmark_in_the_same_place(
    secret: Builder, tmp_path: Path, drawn: list[Any], profile: Profile
) -> None:
    public, sealed = written(secret, tmp_path, profile)
    assert public.pages == sealed.pages > 8
    half = len(drawn) // 2
    assert drawn[:half] == drawn[half:]
    assert sum(name == Text.__name__ for _, ops, *_ in drawn[:half] for name, *_ in ops) > 100
    assert any(name == Link.__name__ for _, ops, *_ in drawn for name, *_ in ops)
    assert places(public.path) == places(sealed.path)


@pytest.mark.parametrize("profile", ["filing", "archive", "accessible"])
def test_what_is_withheld_is_in_the_sealed_copy_and_what_is_privileged_in_none(
    secret: Builder, tmp_path: Path, profile: Profile
) -> None:
    public, sealed = written(secret, tmp_path, profile)
    texts = [printed(one.path) for one in (public, sealed)]
    assert [t for t in TRACES if t in texts[0]] == []
    assert [
        t for t in TRACES if t not in texts[1].replace("[confidentialbusinessinformation]", "")
    ] == []
    assert "settleatonce" not in "".join(texts)
    told = everything(public).replace("\n", "")
    assert [t for t in TRACES if t in told] == []
    assert "[person001]" in texts[0]
    assert all("redacted:attorney–clientprivilege" in text for text in texts)
    with secret.case.read() as s:
        withheld, shut = all_withheld(s), privileged(s)
    for one, words in ((public, withheld), (sealed, shut)):
        pages = ("".join(g.character for g in page) for page in glyphs_of(one.path))
        check_file(one.path, enumerate(pages, 1), words)
    for one in (public, sealed):
        with pikepdf.open(one.path) as pdf:
            told = repr(pdf.docinfo) + everything(one)
        assert "\U00100000" not in told
        assert "udbc0" not in told


def test_a_sealed_copy_says_so_on_every_page(secret: Builder, tmp_path: Path) -> None:
    public, sealed = written(secret, tmp_path)
    marks = ("REDACTED VERSION OF DOCUMENT FILED UNDER SEAL", "FILED UNDER SEAL")
    for one, mark in zip((public, sealed), marks, strict=True):
        for page in glyphs_of(one.path):
            head = bare("".join(g.character for g in page if g.bottom > 755))
            assert head.startswith(bare(mark))


def test_a_box_is_outlined_in_the_sealed_copy_unless_it_is_privileged(
    secret: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.dossier import render

    painted: list[int] = []
    paint = render.paint
    monkeypatch.setattr(
        render, "paint", lambda png, rows: (painted.append(len(rows)), paint(png, rows))[1]
    )
    _, sealed = written(secret, tmp_path)
    assert painted == [2, 1]
    assert "redacted:personaldata" in printed(sealed.path)


def test_the_same_plan_gives_the_same_bytes_and_lots_differ(
    secret: Builder, tmp_path: Path
) -> None:
    pair = planned(secret.case)
    (tmp_path / "2").mkdir()
    first, again = (written(secret, f, pair=pair) for f in (tmp_path, tmp_path / "2"))
    assert [a.sha256 for a in first] == [b.sha256 for b in again]
    assert planned(secret.case).identifier != pair.identifier
    assert pair.identifier not in everything(first[0])


def test_the_public_copy_tells_of_a_length_only_what_is_rounded(case: Case, built: Builder) -> None:
    set_caption(case)
    plans = []
    for n, value in enumerate(("Ann Lee", "Bob Ray", "Ottoline Brackwater")):
        (item_id,) = built.add(f"{n}.jsonl", answer(f"Who is {value}?", "Nobody.", "m"))
        built.exhibit(item_id, f"A-{n + 1}")
        with case.write() as s:
            pseudonyms.give(s, "person", [value])
    pair = planned(case)
    marks = {c for c in pair.copies.cells if pair.copies.cells[c].public.startswith("[Person")}
    plans = [sum(map(pair.plan.exhibits[n].title.count, pair.copies.cells)) for n in range(3)]
    assert len(marks) == 3
    assert 0 < plans[0] == plans[1]
    assert max(plans) <= 3


def test_a_privileged_mail_quoted_under_another_reason_stops_the_sealed_copy(
    case: Case, built: Builder
) -> None:
    set_caption(case)
    advice = (
        "We should settle this quietly before the hearing because our logs show the whole transfer."
    )
    letter = message(subject="Advice")
    letter.texts = [("body", advice)]
    (held,) = built.add("held.mbox", letter)
    letter = message(subject="Other")
    letter.mail |= {"message_id": "<other@x>", "mih": "0" * 32}
    letter.texts = [("body", f"He wrote: {advice} So there.")]
    (quoting,) = built.add("quoting.mbox", letter)
    built.exhibit(quoting, "A-1")
    with case.write() as s:
        privilege.assert_privilege(s, [held], "attorney-client")
        redact(s, [(quoting, "body", 10, 10 + len(advice))], "confidential")
    with case.read() as s, pytest.raises(PrivilegeConflict):
        plan_pair(s, DossierSpec())


def test_evidence_with_the_characters_of_cells_is_refused(case: Case, built: Builder) -> None:
    set_caption(case)
    (item_id,) = built.add("a.jsonl", answer("\U00100000?", "Nobody.", "m"))
    built.exhibit(item_id, "A-1")
    with pytest.raises(CaseKitError, match=r"private character U\+100000"):
        planned(case)


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
@pytest.mark.parametrize(("profile", "flavour"), [("filing", "2u"), ("accessible", "ua1")])
def test_both_copies_pass_the_reference_validator(
    secret: Builder, tmp_path: Path, profile: Profile, flavour: str
) -> None:
    for one in written(secret, tmp_path, profile):
        assert verapdf.failures(one.path, flavour) == {}
