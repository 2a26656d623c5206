import json

import msgspec

from casekit.dossier.personal import personal
from casekit.dossier.plan import plan
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.wording import wording
from casekit.ops import redactions
from tests.dossier.builders import Builder, answer, document

TEXT = "{}Jane Roe, born on 12 April 1990, SSN 123-45-6789, card 4111 1111 1111 1111, account no. 00123456."


def planned(built: Builder) -> DossierPlan:
    with built.case.read() as s:
        return plan(s)


def test_numbers_nobody_redacted_are_told_by_exhibit_and_never_repeated(built: Builder) -> None:
    texts = {
        "A-1": TEXT.format("Of " * 500), "A-2": "Order 12345678 of 2026-03-01, version 1.2.3.4.5, 555-01-99.",
        "A-3": "Steuer-ID 12 345 678 901 and DE89 3704 0044 0532 0130 00.",
    }  # fmt: skip
    for label, text in texts.items():
        built.exhibit(built.add(f"{label}.html", document(label, text))[0], label)
    words = wording("us-federal")
    first, second = personal(planned(built), words)
    assert first == (
        "Exhibit A-1 shows what looks like a social-security number, what looks like a card number, what is "
        "called an account number, what is called a birth date, and nobody redacted it: "
        + words("personal.why")
    )  # fmt: skip
    assert second.startswith(
        "Exhibit A-3 shows what looks like a tax number, an account number (IBAN), and"
    )
    kept = msgspec.structs.replace(planned(built), profile="archive")
    assert personal(kept, words) == []


def test_what_is_redacted_is_not_told_and_records_printed_as_received_are_looked_at(
    built: Builder,
) -> None:
    (item_id,) = built.add("A.html", document("A", "SSN 123-45-6789."))
    built.exhibit(item_id, "A-1")
    with built.case.write() as s:
        redactions.redact(s, [(item_id, "body", 4, 15)], "privacy")
    (other,) = built.add("B.json", answer("Why?", "So.", "m"))
    built.exhibit(other, "B-1")
    decided, words = planned(built), wording("neutral")
    assert personal(decided, words) == []
    record = json.dumps({"ssn": "123-45-6789"}).encode()
    (told,) = personal(decided, words, [(other, record)])
    assert told.startswith("Exhibit B-1 shows what looks like a social-security number, and")
