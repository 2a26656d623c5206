import pytest

from casekit.dossier.sections.stated import is_open, or_gap, stated

OPEN = (
    "", "  ", "\u200b", "TBD", "tbc.", "[name]", "<name>", "to be completed", "To be confirmed later", "…",
    "XX",
    "I, [NAME], am the custodian.", "Made on [insert date here].", "Made on [date].", "Made by {name}.",
    "Made by <your name>.", "It was made at [..] by hand.", "Made by Jane Roe, TBD.", "Made at ________.",
    "Made on ?? March.", "Made at ........ today.", "Made at ---- today.", "todo: ask Jane",
    "Hashed with XXX.", "[to be confirmed by Jane] and kept.", "Kept in [•].", "Kept [ADDRESS, CITY].",
)  # fmt: skip
SAID = (
    "None.", "n/a", "Withheld words stand as [REDACTED].", "He wrote “teh [sic] keys”.",
    "Kept at https://a.example/x?y=1.", "From Jane Roe <jane.roe@aurora.example>.", "It was … as usual.",
    "“We are done ....” was quoted.", "The flag is --strict, in a_b__c.", "Added to be safe.",
    "It stands as [U+200B] on paper.", "The array x[0] was read.", "From <name@aurora.example>.",
)  # fmt: skip


@pytest.mark.parametrize("text", OPEN)
def test_a_place_left_open_is_seen(text: str) -> None:
    assert is_open(text)
    assert or_gap(text, "[GAP]").endswith("[GAP]")


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_is_left_alone(text: str) -> None:
    assert not is_open(text)
    assert or_gap(f" {text}\n", "[GAP]") == stated(text) == text
