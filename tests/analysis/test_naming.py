import pytest

from casekit.analysis import naming
from casekit.analysis.population import Member
from casekit.errors import CaseKitError

HAVE = ("vicuna-13b-v1.3", "gpt4_0314", "lmsys/chat-7b", "Llama-2-7b", "plain")


def settled(subject: str, *members: str, have: tuple[str, ...] = HAVE) -> naming.Names:
    return naming.settle(
        have, subject, ["GPT4-0314"], [Member(m, "f", "nonstudent") for m in members]
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Vicuna-13B-v1.3", "vicuna-13b-v1.3"),
        ("lmsys__vicuna-13b-v1.3", "vicuna-13b-v1.3"),
        ("lmsys/Vicuna 13b v1_3", "vicuna-13b-v1.3"),
        ("chat-7b", "lmsys/chat-7b"),
        ("lmsys__Chat-7B", "lmsys/chat-7b"),
        ("other/chat-7b", "other/chat-7b"),  # another organisation's
        ("vicuna-13b-v1.5", "vicuna-13b-v1.5"),
        ("vicuna-13b", "vicuna-13b"),
    ],
)
def test_a_name_means_the_model_that_differs_in_spelling_alone(written: str, meant: str) -> None:
    names = settled(written, written, "plain")
    assert (names.subject, names.sources) == (meant, ("gpt4_0314",))
    assert [m.model for m in names.members] == [meant, "plain"]
    assert ((written, meant) in names.otherwise) == (written != meant)
    assert ("GPT4-0314", "gpt4_0314") in names.otherwise


def test_what_fits_several_models_means_none() -> None:
    have = ("a-7b", "a_7b", "x/b", "y/b", "gpt4_0314", "c")
    for name in ("A 7b", "b"):
        with pytest.raises(CaseKitError, match="may mean several models"):
            settled(name, have=have)
    members = settled("c", "b", "A 7b", "org/c", "C", have=have).members
    assert [m.model for m in members] == ["b", "A 7b", "org/c", "C"]  # two names for one model
    assert [m.model for m in settled("c", "a_7b", "a.7b", have=have).members] == ["a_7b", "a-7b"]


def test_a_name_that_is_written_alike_says_nothing_and_an_absent_one_says_what_is_near() -> None:
    assert naming.told(()) == []
    assert naming.told((("B", "b"), ("C", "c")))[0].endswith("than here: B is b, C is c.")
    assert "most like it are vicuna-13b-v1.3." in str(naming.absent("vicuna-13b-v15", HAVE))
    assert str(naming.absent("zzz", HAVE)) == "There are no answers of a model “zzz” in this case."
    assert str(naming.absent("plain", HAVE)).endswith(
        "a model “plain” in this case."
    )  # without words
