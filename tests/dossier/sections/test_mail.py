from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid, Prose, Subhead
from casekit.store.case import Case
from tests.dossier.builders import BODY, Builder, image, message, pdf


def test_a_message_shows_parties_body_attachments_and_every_header(
    case: Case, built: Builder
) -> None:
    built.exhibit(built.add("m.mbox", message(pdf(2), image()))[0], "C-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert chapter.title == "Preservation of evidence: Meridian-R1"
    assert chapter.summary.startswith("Johanna Lindqvist to Recipient 0 +1 · Message")
    facts = {f.label: f.value for b in chapter.blocks if isinstance(b, Facts) for f in b.rows}
    assert facts["From"] == "Johanna Lindqvist <j.lindqvist@counsel.example>"
    assert facts["EDRM MIH"] == "1de319c276884bd0c9e2f1621ada26cc"
    assert facts["References"] == "<first@aurora.example> <second@meridian.example>"
    assert [b.text for b in chapter.blocks if isinstance(b, Prose)] == [BODY]
    grids = {b.heading: b for b in chapter.blocks if isinstance(b, Grid)}
    assert [row[0] for row in grids["ATTACHMENTS"].rows] == [
        "Terms of service 2025-03.pdf",
        "dashboard.png",
    ]
    headers = grids["ALL 6 HEADER FIELDS AS RECEIVED"].rows
    assert [name for name, _ in headers] == [
        "Received", "Received", "DKIM-Signature", "From", "Subject", "Message-ID",
    ]  # fmt: skip
    heads = [b.text for b in chapter.blocks if isinstance(b, Subhead)]
    assert heads == ["Attachment 1: Terms of service 2025-03.pdf", "Attachment 2: dashboard.png"]


def test_a_message_without_anything_is_no_trouble(case: Case, built: Builder) -> None:
    bare = message(subject="")
    bare.parties, bare.mail, bare.texts = [], {}, []
    built.exhibit(built.add("m.eml", bare)[0], "C-1")
    with case.read() as s:
        chapter = plan(s).exhibits[0]
    assert chapter.title == "Message without a subject"
    assert chapter.summary.startswith("– to –")
