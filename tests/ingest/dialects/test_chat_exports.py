from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from casekit.ingest.dialects import Reading, recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.nests import nest_of
from casekit.ingest.parsed import Context, Exchange, Parsed
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import items_in

ROOT = "00000000-0000-0000-0000-000000000000"
DEEPSEEK: dict[str, Any] = {
    "id": "d1", "title": "Sky", "inserted_at": "2025-02-01T10:00:00+08:00", "updated_at": "2025-02-01",
    "mapping": {
        "root": {"id": "root", "parent": None, "children": ["1"], "message": None},
        "1": {"id": "1", "parent": "root", "children": ["2", "3"], "message": {
            "files": [], "model": "deepseek-reasoner", "inserted_at": "2025-02-01T10:00:01+08:00",
            "fragments": [{"type": "REQUEST", "content": "Why?"}]}},
        "2": {"id": "2", "parent": "1", "children": [], "message": {
            "files": [], "model": "deepseek-reasoner", "inserted_at": "2025-02-01T10:00:05+08:00",
            "fragments": [{"type": "SEARCH", "results": [{"url": "u"}]}, {"type": "THINK", "content": "Hm."},
                          {"type": "RESPONSE", "content": "So."}]}},
        "3": {"id": "3", "parent": "1", "children": [], "message": {
            "files": [], "model": "deepseek-chat", "inserted_at": "2025-02-01T10:01:05+08:00",
            "fragments": [{"type": "RESPONSE", "content": "Thus."}]}},
    },
}  # fmt: skip
GROK: dict[str, Any] = {
    "conversation": {"id": "g1", "user_id": "u", "title": "Sky", "create_time": "2025-03-01T10:00:00.000Z"},
    "responses": [
        {"response": {"_id": "r1", "message": "Why?", "sender": "human", "model": "grok-3",
                      "create_time": {"$date": {"$numberLong": "1740823200000"}}}, "share_link": None},
        {"response": {"_id": "r2", "message": "So.", "sender": "grok-3", "model": "grok-3",
                      "create_time": {"$date": {"$numberLong": "1740823205000"}}, "thinking_trace": "Hm.",
                      "parent_response_id": "r1", "web_search_results": [{"url": "u"}]}},
    ],
}  # fmt: skip
WEBUI: dict[str, Any] = {
    "id": "c1", "user_id": "u1", "title": "Sky", "created_at": 1735689600, "archived": False,
    "chat": {"title": "Sky", "models": ["a", "b"], "history": {"currentId": "m2", "messages": {
        "m1": {"id": "m1", "parentId": None, "childrenIds": ["m2", "m3"], "role": "user", "content": "Why?",
               "timestamp": 1735689600},
        "m2": {"id": "m2", "parentId": "m1", "childrenIds": [], "role": "assistant", "content": "So.",
               "model": "a", "timestamp": 1735689605, "usage": {"total_tokens": 4}},
        "m3": {"id": "m3", "parentId": "m1", "childrenIds": [], "role": "assistant", "content": "Thus.",
               "model": "b", "timestamp": 1735689606}}}, "messages": [{"role": "user", "content": "Why?"}]},
}  # fmt: skip
ANSWER = {
    "messageId": "m2", "parentMessageId": "m1", "sender": "GPT", "text": "", "isCreatedByUser": False,
    "model": "gpt-4o", "createdAt": "2025-01-01T00:00:05.000Z", "children": [],
    "content": [{"type": "think", "think": "Hm."}, {"type": "text", "text": "So."}],
}  # fmt: skip
QUESTION = {
    "messageId": "m1", "parentMessageId": ROOT, "sender": "User", "text": "Why?", "isCreatedByUser": True,
    "createdAt": "2025-01-01T00:00:00.000Z",
}  # fmt: skip
LIBRE: dict[str, Any] = {
    "conversationId": "cv1", "endpoint": "openAI", "title": "Sky", "options": {"model": "gpt-4o"},
    "messages": [{**QUESTION, "children": [ANSWER]}],
}  # fmt: skip
FLAT = {**LIBRE, "messages": [QUESTION, ANSWER]}
STUDIO: dict[str, Any] = {
    "name": "Sky", "createdAt": 1735689600000, "systemPrompt": "Be short.", "messages": [
        {"versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Why?"}]}],
         "currentlySelected": 0},
        {"versions": [
            {"type": "multiStep", "role": "assistant", "steps": [
                {"type": "contentBlock", "style": {"type": "thinking"}, "content": [
                    {"type": "text", "text": "Hm."}]},
                {"type": "contentBlock", "content": [{"type": "text", "text": "So."}], "genInfo": {
                    "indexedModelIdentifier": "qwen/qwen2.5-7b", "stats": {
                        "stopReason": "eosFound", "promptTokensCount": 9, "predictedTokensCount": 3}}}]},
            {"type": "multiStep", "role": "assistant", "steps": [
                {"type": "contentBlock", "content": [{"type": "text", "text": "Thus."}]}]}],
         "currentlySelected": 0}],
}  # fmt: skip
LE_CHAT = [
    {"id": "m1", "chatId": "c1", "content": "Why?", "role": "user", "createdAt": "2025-01-01T00:00:00.000Z"},
    {"id": "m2", "chatId": "c1", "content": "So.", "role": "assistant", "model": "mistral-large",
     "createdAt": "2025-01-01T00:00:05.000Z", "version": 0, "reaction": "neutral"},
]  # fmt: skip
EXPORTED = (DEEPSEEK, GROK, WEBUI, LIBRE, FLAT, STUDIO, *LE_CHAT)


def drafted(record: dict[str, Any]) -> Draft:
    draft = Reading(Context()).draft(record, json.dumps(record).encode())
    assert draft is not None
    return draft


def answers(draft: Draft) -> list[tuple[dict[str, str], Exchange]]:
    return [(dict(each.texts), each.exchange) for each in draft.children if each.exchange]


@pytest.mark.parametrize(
    ("record", "name", "provider", "models"),
    [
        (DEEPSEEK, "DeepSeek export", "deepseek", ["deepseek-reasoner", "deepseek-chat"]),
        (GROK, "Grok export", "xai", ["grok-3"]),
        (WEBUI, "Open WebUI", "", ["a", "b"]),
        (LIBRE, "LibreChat", "openAI", ["gpt-4o"]),
        (FLAT, "LibreChat", "openAI", ["gpt-4o"]),
        (STUDIO, "LM Studio", "lm-studio", ["qwen/qwen2.5-7b", ""]),
    ],
)
def test_every_answer_is_an_exchange_with_its_question(
    record: dict[str, Any], name: str, provider: str, models: list[str]
) -> None:
    assert recognise(record) == name
    draft = drafted(record)
    assert (draft.kind, draft.collection, draft.title) == ("document", "outputs", "Sky")
    assert draft.fields.get("provider", "") == provider
    found = answers(draft)
    assert [each.model for _, each in found] == models
    assert [(texts["prompt"], texts["output"]) for texts, _ in found] == [
        ("Why?", "So."),
        ("Why?", "Thus."),
    ][: len(models)]
    assert "user:\nWhy?" in str(draft.body)


@pytest.mark.parametrize("record", [DEEPSEEK, GROK, WEBUI, LIBRE, FLAT, STUDIO])
def test_every_answer_has_its_own_bytes(record: dict[str, Any]) -> None:
    draft = drafted(record)
    for each in draft.children:
        step = each.steps[0]
        cut = draft.raw[step.offset : step.offset + step.length]
        assert json.loads(cut)
        assert json.dumps(dict(each.texts)["output"])[1:-1].encode() in cut


@pytest.mark.parametrize("record", [DEEPSEEK, GROK, LIBRE, STUDIO])
def test_what_was_thought_stands_apart(record: dict[str, Any]) -> None:
    texts, _ = answers(drafted(record))[0]
    assert (texts["reasoning"], texts["output"]) == ("Hm.", "So.")


def test_times_are_those_of_the_answers() -> None:
    for record, said in ((DEEPSEEK, "2025-02-01T10:00:05+08:00"), (GROK, "1740823205000"),
                         (WEBUI, "1735689605"), (FLAT, ANSWER["createdAt"])):  # fmt: skip
        when = drafted(record).children[0].when
        assert when is not None
        assert (when.raw, when.zone) == (said, "explicit")
    assert drafted(STUDIO).children[0].when is None


def test_what_else_was_said_stays_beside_the_answer() -> None:
    (_, exchange), _ = answers(drafted(DEEPSEEK))
    assert json.loads(exchange.extra)["fragments"] == [
        {"type": "SEARCH", "results": [{"url": "u"}]}
    ]
    ((_, grok),) = answers(drafted(GROK))
    assert json.loads(grok.extra)["web_search_results"] == [{"url": "u"}]
    (_, studio), _ = answers(drafted(STUDIO))
    assert (studio.input_tokens, studio.output_tokens, studio.finish_reason) == (9, 3, "eosFound")


def test_an_early_export_of_deepseek_tells_turns_by_their_order() -> None:
    said = [
        ("1", "root", "Why?", None),
        ("2", "1", "So.", None),
        ("3", "2", "And?", None),
        ("4", "3", "Thus.", "Hm."),
    ]
    mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "message": None}}
    for own, parent, content, thought in said:
        message = {"content": content, "reasoning_content": thought, "model": "deepseek-chat"}
        mapping[own] = {"id": own, "parent": parent, "message": message}
    found = answers(drafted({**DEEPSEEK, "mapping": mapping}))
    assert [texts["output"] for texts, _ in found] == ["So.", "Thus."]
    assert found[1][0]["reasoning"] == "Hm."
    assert found[1][0]["prompt"].endswith("And?")


@pytest.mark.parametrize("record", [GROK, FLAT])
def test_messages_of_one_id_are_each_read_after_the_one_before(record: dict[str, Any]) -> None:
    name = "responses" if record is GROK else "messages"
    draft = drafted({**record, name: [*record[name], *record[name]]})
    assert [texts["output"] for texts, _ in answers(draft)] == ["So.", "So."]
    assert [each.kind for each in draft.problems] == ["id-twice"]


def test_what_was_thought_tells_an_answer_that_stands_first() -> None:
    message = {"content": "So.", "reasoning_content": "Hm.", "model": "deepseek-reasoner"}
    mapping = {
        "root": {"parent": None, "message": None},
        "1": {"parent": "root", "message": message},
    }
    ((texts, _),) = answers(drafted({**DEEPSEEK, "mapping": mapping}))
    assert texts == {"output": "So.", "reasoning": "Hm."}


def test_a_conversation_goes_on_from_the_version_that_was_chosen() -> None:
    asked, answered = STUDIO["messages"]
    again = {
        "versions": [{"role": "user", "content": [{"type": "text", "text": "And?"}]}],
        "currentlySelected": 0,
    }
    draft = drafted({**STUDIO, "messages": [asked, answered, again, answered]})
    texts, _ = answers(draft)[2]
    assert "So." in texts["prompt"]
    assert "Thus." not in texts["prompt"]


def test_messages_of_le_chat_are_questions_and_answers_of_one_conversation() -> None:
    asked, answered = map(drafted, LE_CHAT)
    assert (asked.kind, asked.prompt) == ("request", "Why?")
    assert (answered.kind, answered.output, answered.fields["model"]) == (
        "exchange",
        "So.",
        "mistral-large",
    )
    assert answered.fields["provider"] == "mistral"
    assert "provider" not in asked.fields  # which says nothing that another program would not
    assert asked.fields["conversation_id"] == answered.fields["conversation_id"] == "c1"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"conversations": [GROK, GROK], "projects": [], "tasks": []}, "Grok account"),
        ({"data": {"chats": [{"id": "t", "model": "m", "messages": [{"role": "user", "content": "Why?"},
          {"role": "assistant", "content": "So."}]}], "folders": []}}, "TypingMind"),
    ],
)  # fmt: skip
def test_accounts_are_parted_into_conversations(document: dict[str, Any], name: str) -> None:
    nest = nest_of(document)
    assert nest is not None
    assert nest.name == name
    items = items_in(document)
    assert items
    assert all("Why?" in str(each.texts) for each in items)


def test_deeply_nested_answers_keep_bytes_that_hold_them() -> None:
    inner: dict[str, Any] = copy.deepcopy(ANSWER)
    for number in range(40):
        inner = {
            **QUESTION,
            "messageId": f"q{number}",
            "isCreatedByUser": number % 2 == 0,
            "children": [inner],
        }
    draft = drafted({**LIBRE, "messages": [inner]})
    last = draft.children[-1]
    step = last.steps[0]
    assert json.loads(draft.raw[step.offset : step.offset + step.length])["messageId"] == "m2"


def test_an_export_cut_off_is_kept_and_told() -> None:
    data = json.dumps([DEEPSEEK, DEEPSEEK]).encode()
    found = list(read_any(data[:-300], Context(), format_of(data, "x")))
    items = [each for each in found if isinstance(each, Parsed)]
    assert len(items) == 1
    assert len(items[0].children) == 2


def test_open_webui_says_what_an_answer_took_and_what_stood_before_all_questions() -> None:
    told = json.loads(json.dumps(WEBUI))
    told["chat"]["params"] = {"system": "Be short."}
    made = told["chat"]["history"]["messages"]
    made["m2"]["usage"] = {"prompt_eval_count": 9, "eval_count": 3, "total_duration": 0}
    made["m3"]["info"] = {"prompt_tokens": 8, "completion_tokens": 2}
    (texts, first), (_, other) = answers(drafted(told))
    assert texts == {"system": "Be short.", "prompt": "Why?", "output": "So."}
    assert (first.input_tokens, first.output_tokens) == (9, 3)
    assert (other.input_tokens, other.output_tokens) == (8, 2)
    assert json.loads(first.extra) == {"usage": {"total_duration": 0}}
