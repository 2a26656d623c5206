from __future__ import annotations

from casekit.ingest.dialects.bodies import read_request
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.parameters import PARAMETERS
from casekit.ingest.parsed import Context, Exchange


def test_a_request_says_who_asked_and_what_the_provider_kept() -> None:
    draft = Draft(b"", Context())
    body = {
        "model": "m",
        "input": "Go on.",
        "stream": True,
        "previous_response_id": "resp_1",
        "conversation": {"id": "conv_1"},
        "metadata": {"user_id": "u-1"},
    }
    read_request(body, draft, answered=False)
    assert (draft.prompt, draft.missing) == ("Go on.", ("earlier-turns-elsewhere",))
    assert {
        key: draft.fields[key]
        for key in ("stream", "parent_request", "conversation_id", "end_user")
    } == {
        "stream": 1,
        "parent_request": "resp_1",
        "conversation_id": "conv_1",
        "end_user": "u-1",
    }


def test_an_interaction_before_this_one_is_kept_by_the_provider_too() -> None:
    draft = Draft(b"", Context())
    read_request(
        {"model": "m", "input": "x", "previous_interaction_id": "i-1"}, draft, answered=False
    )
    assert (draft.missing, draft.fields["parent_request"]) == (("earlier-turns-elsewhere",), "i-1")


def test_parameters_of_no_use_change_nothing() -> None:
    draft = Draft(b"", Context())
    body = {"model": "m", "input": "x", "stream": "y", "previous_response_id": None, "metadata": []}
    read_request(body, draft, answered=False)
    assert draft.missing == ()
    assert set(draft.fields) == {"model_requested", "messages", "parameters"}


def test_every_parameter_has_a_field() -> None:
    assert {target for target, _ in PARAMETERS.values()} <= set(Exchange.__struct_fields__)
