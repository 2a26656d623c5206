import json
from typing import Any

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts
from casekit.store.case import Case
from tests.dossier.builders import Builder, pdf


def told(case: Case, built: Builder, facts: dict[str, Any]) -> dict[str, str]:
    new = pdf(1)
    new.columns["facts"] = json.dumps(facts)
    built.exhibit(built.add("terms.pdf", new)[0], "D-1")
    with case.read() as s:
        blocks = plan(s).exhibits[0].blocks
    found = next(
        b for b in blocks if isinstance(b, Facts) and b.heading.startswith("WHAT THE FILE")
    )
    return {fact.label: fact.value for fact in found.rows}


def test_all_that_a_page_loses_is_listed(case: Case, built: Builder) -> None:
    signed = [
        {"form": "adbe.pkcs7.detached", "time": "D:2024", "covers": "part", "behind": 1234},
        {"form": "", "time": "", "covers": "all", "behind": 0},
    ]
    found = told(case, built, {
        "annotations": {"text": 2, "link": 1}, "form": "XFA", "scripts": 1, "attachments": ["a.csv"],
        "active": ["launch", "layers", "links", "open_action"], "signatures": 2, "signed": signed,
        "encryption": 3, "updates": 2,
    })  # fmt: skip
    assert list(found) == [
        "Annotations", "Form", "Scripts", "Files inside", "Layers", "Signatures", "Encryption", "Links",
        "Actions", "Earlier states",
    ]  # fmt: skip
    assert found["Annotations"].startswith("link 1, text 2.")
    assert found["Files inside"].endswith(": a.csv.")
    assert found["Signatures"].splitlines()[1:] == [
        "No. 1: adbe.pkcs7.detached, time stated D:2024; it does not cover the whole file: 1,234 bytes "
        "stand behind what it covers",
        "No. 2: ?, time stated ?; it covers the whole file but for its own value",
    ]
    assert found["Actions"].endswith("starting a program, an action when the file is opened.")


def test_that_nothing_was_found_is_said(case: Case, built: Builder) -> None:
    assert list(told(case, built, {"annotations": "none"})) == ["Nothing"]


def test_what_nobody_looked_for_is_not_called_absent(case: Case, built: Builder) -> None:
    assert list(told(case, built, {"scripts": 1})) == ["Scripts", "Not looked for"]
