"""Items that are nearly the same, and items of three topics, for tests of clusters."""

from __future__ import annotations

import random

from casekit.store.case import Case
from tests.search.builders import add

LETTER = (
    "Dear counsel, further to our letter of the third of March we write to confirm that the records of the "
    "second quarter will be handed over on the twelfth of May at the office of the registry, together with "
    "the index of all boxes and a statement of the custodian who kept them since the spring of last year."
)
TOPICS = (
    "egg flour butter sugar oven bake whisk dough crust recipe salt spoon",
    "ship anchor cargo pier crane tide vessel dock container captain rope buoy",
    "soil seed rose prune hedge compost tulip lawn spade bulb weed fern",
)


def add_letters(case: Case) -> list[int]:
    """A letter (1), the same in capitals and an hour earlier (2), with another day (3), with another end (4).

    Then another letter (5), a note too short (6) and an item without text (7).
    """
    hour = 3_600_000_000
    with case.write() as s:
        return [
            add(s, title="Letter", texts={"body": LETTER}, sent_us=9 * hour),
            add(s, title="Letter again", texts={"body": LETTER.upper()}, sent_us=8 * hour),
            add(s, title="Another day", texts={"body": LETTER.replace("twelfth", "14th")}, sent_us=10 * hour),
            add(s, title="Another end", texts={"body": LETTER[: LETTER.index("together")]}, sent_us=11 * hour),
            add(s, title="Other", texts={"body": "The weather in the valley was fair and we walked up the "
                                                 "hill to look at the mill and the bridge below."}),
            add(s, title="Note", texts={"body": "See you on Monday."}),
            add(s, title="Picture", kind="image", media_type="image/png"),
        ]  # fmt: skip


def add_topics(case: Case, each: int = 12, seed: int = 3) -> None:
    """Documents of three topics in turn."""
    rng = random.Random(seed)
    with case.write() as s:
        for n in range(each * len(TOPICS)):
            words = TOPICS[n % len(TOPICS)].split()
            said = " ".join(rng.choice(words) for _ in range(16))
            add(s, title=f"Document {n + 1}", texts={"body": f"Here are {said}."})
