from __future__ import annotations

import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Remark, Spoken, Talk
from casekit.dossier.spec import DossierSpec, decode
from casekit.errors import CaseKitError
from casekit.ops import privilege, redactions
from casekit.ops.items import NewItem
from casekit.ops.times import decide_time
from casekit.store.case import Case
from tests.builders import decide_all, make_message, sha
from tests.dossier.builders import Builder

DAY = 86_400_000_000


def chat() -> list[NewItem]:
    made = [
        make_message("who took the key?", "Ann", DAY),
        make_message(
            "not me", "Bob", DAY + 1_000_000, edited="later", reactions=[{"reaction": "eyes"}]
        ),
        make_message("", "", 2 * DAY, event="Bob left"),
        make_message("a secret plan", "Cy", 2 * DAY + 1),
        make_message("no time", "Cy", None),
    ]
    made[1].columns |= {
        "sent_raw": "1970/01/02",
        "sent_zone": "assumed:x",
        "sent_resolution_us": 1_000_000,
    }
    for number, each in enumerate(made):
        data = f"record {number}".encode()
        each.columns |= {"bytes": data, "size": len(data), "sha256": sha(data)}
    made[2].texts, made[2].parties, made[2].columns["title"] = [], [], "(Bob left)"
    return made


def run(case: Case, spec: DossierSpec | None = None) -> tuple[str, tuple[Spoken, ...]]:
    decide_all(case)  # else a draft says so above
    with case.read() as s:
        blocks = plan(s, spec or DossierSpec(context=5)).exhibits[0].blocks
    found = [(b.heading, b.said) for b in blocks if isinstance(b, Talk)]
    assert len(found) == sum(isinstance(b, Remark) for b in blocks)
    return found[0] if found else ("", ())


def test_the_exhibit_stands_among_its_neighbours(case: Case, built: Builder) -> None:
    ids = built.add("chat.json", *chat())
    built.exhibit(ids[1], "C-1")
    heading, said = run(case)
    assert heading == "IN THE CONVERSATION “Slack: general”: MESSAGES 1 TO 5 OF 5"
    assert [(s.no, s.day, s.time, s.who, s.text, s.notes, s.marked, s.own) for s in said] == [
        (1, "1970-01-02", "00:00:00 UTC", "Ann", "who took the key?", "", False, False),
        (2, "1970-01-02", "00:00:01 UTC\n1970/01/02\ntime zone assumed", "Bob  ◂ this exhibit", "not me",
         'edited: later · reactions: [{"reaction":"eyes"}]', True, False),
        (3, "1970-01-03", "00:00:00 UTC", "(nobody: written by the program)", "(Bob left)",
         "event: Bob left", False, True),
        (4, "1970-01-03", "00:00:00.000001 UTC", "Cy", "a secret plan", "", False, False),
        (5, "Without a date", "no time", "Cy", "no time", "", False, False),
    ]  # fmt: skip
    place, digest = said[0].source.splitlines()
    assert place == "chat message, line 1 of chat.json (bytes 0–7)"
    assert digest.replace(" ", "") == sha(b"record 0").hex()


def test_a_neighbour_s_time_is_read_as_it_was_decided(case: Case, built: Builder) -> None:
    ids = built.add("chat.json", *chat())
    built.exhibit(ids[1], "C-1")
    with case.write() as s:
        decide_time(s, [ids[1]], "+01:00", "Bob’s phone.")
    _, said = run(case)
    assert [(s.no, s.day, s.time, s.text) for s in said[:2]] == [
        (1, "1970-01-01", "23:00:01 UTC\n1970/01/02\ntime zone decided", "not me"),
        (2, "1970-01-02", "00:00:00 UTC", "who took the key?"),
    ]
    with case.write() as s:
        decide_time(s, [ids[1]], "left-out", "Nobody knows.")
    assert run(case)[1][1].time == "00:00:01 UTC\n1970/01/02\ntime left out"


def test_how_many_neighbours_is_a_wish(case: Case, built: Builder) -> None:
    built.exhibit(built.add("chat.json", *chat())[1], "C-1")
    heading, said = run(case, DossierSpec(context=1))
    assert ([s.no for s in said], heading[-20:]) == ([1, 2, 3], "MESSAGES 1 TO 3 OF 5")
    assert run(case, DossierSpec()) == ("", ())


def test_a_message_alone_in_its_conversation_has_no_run(case: Case, built: Builder) -> None:
    built.exhibit(built.add("chat.json", chat()[0])[0], "C-1")
    assert run(case) == ("", ())


def test_of_a_withheld_neighbour_only_that_it_is_withheld_is_said(
    case: Case, built: Builder
) -> None:
    ids = built.add("chat.json", *chat())
    built.exhibit(ids[1], "C-1")
    with case.write() as s:
        privilege.assert_privilege(s, [ids[3]], "attorney-client")
    _, said = run(case)
    assert said[3] == Spoken(
        4, "1970-01-03", "00:00:00.000001 UTC", "", "Message withheld: attorney-client.", own=True
    )


def test_what_is_redacted_in_a_neighbour_is_not_told_here(case: Case, built: Builder) -> None:
    ids = built.add("chat.json", *chat())
    built.exhibit(ids[1], "C-1")
    with case.write() as s:
        redactions.redact(s, [(ids[3], "body", 2, 8)], "privacy")
    _, said = run(case)
    assert "secret" not in said[3].text
    assert said[3].text.startswith("a [")
    assert said[3].source.splitlines()[1] != said[0].source.splitlines()[1]
    assert not any("secret" in str(each) for each in said)


def test_a_spec_with_too_many_neighbours_is_refused() -> None:
    with pytest.raises(CaseKitError, match="0 to 100"):
        decode(b'{"context": 101}')
    assert decode(b'{"context": 7}').context == 7
