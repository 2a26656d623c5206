from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise, trees
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.trees import read_chatgpt, read_claude
from casekit.ingest.parsed import Context, Parsed, sha256


def node(own: str, parent: str | None, role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    metadata = more.pop("metadata", {"model_slug": "gpt-x"} if role == "assistant" else {})
    content = more.pop("content", {"content_type": "text", "parts": list(parts)})
    message = {"id": own, "author": {"role": role}, "create_time": 1704067200.5, "content": content,
               "metadata": metadata, "recipient": "all", **more}  # fmt: skip
    return {"id": own, "parent": parent, "children": [], "message": message}


def chatgpt(*nodes: dict[str, Any]) -> tuple[Draft, dict[str, Any]]:
    record = {
        "title": "Boats",
        "create_time": 1704067200.25,
        "mapping": {"root": {"id": "root", "parent": None, "children": [], "message": None},
                    **{each["id"]: each for each in nodes}},
        "current_node": "a2",
        "conversation_id": "conv",
        "default_model_slug": "gpt-default",
    }  # fmt: skip
    draft = Draft(json.dumps(record, indent=1).encode(), Context())
    assert read_chatgpt(record, draft)
    return draft, record


def texts(item: Parsed) -> dict[str, str]:
    return dict(item.texts)


def cut(raw: bytes, item: Parsed) -> Any:
    (step,) = item.steps
    piece = raw[step.offset : step.offset + step.length]
    assert sha256(piece) == item.sha256
    return json.loads(piece)


def test_each_branch_of_a_chat_keeps_its_own_path() -> None:
    draft, record = chatgpt(
        node("s", "root", "system", "Be kind."),
        node("u1", "s", "user", "Hi"),
        node("a1", "u1", "assistant", "Yo"),
        node("a2", "u1", "assistant", "Hello"),  # generated again
        node("u2", "a1", "user", "Why?"),
        node("u3", "a1", "user", "Why not?"),  # edited
        node("a3", "u3", "assistant", "So."),
    )
    assert (draft.kind, draft.title, draft.fields["conversation_id"]) == (
        "document",
        "Boats",
        "conv",
    )
    assert [(each.kind, each.title, texts(each)) for each in draft.children] == [
        ("exchange", "Hi", {"system": "Be kind.", "prompt": "Hi", "output": "Yo"}),
        ("exchange", "Hi", {"system": "Be kind.", "prompt": "Hi", "output": "Hello"}),
        ("request", "Why?", {"system": "Be kind.", "prompt": "user: Hi\n\nassistant: Yo\n\nuser: Why?"}),
        ("exchange", "Why not?",
         {"system": "Be kind.", "prompt": "user: Hi\n\nassistant: Yo\n\nuser: Why not?", "output": "So."}),
    ]  # fmt: skip
    for child, own in zip(draft.children, ("a1", "a2", "u2", "a3"), strict=True):
        assert cut(draft.raw, child) == record["mapping"][own]
        assert child.exchange is not None
        assert (child.exchange.request_id, child.exchange.conversation_id) == (own, "conv")
    last = draft.children[-1]
    assert last.exchange is not None
    assert (last.exchange.model, last.exchange.turn, last.exchange.parent_request) == (
        "gpt-x",
        2,
        "u3",
    )
    assert json.loads(last.exchange.messages) == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yo"},
        {"role": "user", "content": "Why not?"},
    ]
    assert last.when is not None
    assert last.when.raw == "1704067200.5"
    assert "assistant (another branch):\nHello" in draft.body


def test_thoughts_code_and_pictures_of_a_chat() -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Plan", "content": "Count."}]}
    code = {"content_type": "code", "language": "python", "text": "1+1"}
    draft, _ = chatgpt(
        node(
            "u1",
            "root",
            "user",
            {"content_type": "image_asset_pointer", "asset_pointer": "f"},
            "See",
        ),
        node("t1", "u1", "assistant", content=thoughts),
        node("c1", "t1", "assistant", content=code, recipient="python"),
        node("x1", "c1", "tool", content={"content_type": "execution_output", "text": "2"}),
        node("a1", "x1", "assistant", "Two."),
    )
    assert [texts(each) for each in draft.children] == [
        {"prompt": "[image_asset_pointer]\nSee", "reasoning": "Plan\nCount."},
        {"prompt": "[image_asset_pointer]\nSee", "output": "1+1", "reasoning": "Plan\nCount."},
        {"prompt": "user: [image_asset_pointer]\nSee\n\nassistant: 1+1\n\ntool: 2", "output": "Two.",
         "reasoning": "Plan\nCount."},
    ]  # fmt: skip


def test_standing_instructions_are_no_question() -> None:
    settings = {
        "content_type": "user_editable_context",
        "user_profile": "",
        "user_instructions": "Be brief.",
    }
    draft, _ = chatgpt(
        node("i", "root", "user", content=settings),
        node("u", "i", "user", "Hi"),
        node("a", "u", "assistant", "Yo"),
    )
    assert [texts(each) for each in draft.children] == [
        {"system": "Be brief.", "prompt": "Hi", "output": "Yo"}
    ]


def test_a_long_conversation_repeats_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "PATH_CHARACTERS", 10)
    nodes = [node("u1", "root", "user", "Question 1")]
    nodes += [node("a1", "u1", "assistant", "Answer 1"), node("u2", "a1", "user", "Question 2")]
    draft, _ = chatgpt(*nodes, node("a2", "u2", "assistant", "Answer 2"))
    last = draft.children[-1]
    assert texts(last) == {"prompt": "Question 2", "output": "Answer 2"}
    assert last.exchange is not None
    assert last.exchange.completeness == ("earlier-turns-elsewhere",)


def message(
    own: str, sender: str, text: str, parent: str | None = None, **more: Any
) -> dict[str, Any]:
    made = {
        "uuid": own,
        "text": text,
        "sender": sender,
        "created_at": "2026-02-03T04:05:06.123456Z",
        **more,
    }
    return {**made, "parent_message_uuid": parent} if parent else made


def claude(*messages: dict[str, Any]) -> Draft:
    record = {"uuid": "conv", "name": "Boats", "created_at": "2026-02-03T04:05:06Z",
              "account": {"uuid": "acc"}, "chat_messages": list(messages)}  # fmt: skip
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_claude(record, draft)
    for child in draft.children:
        assert cut(draft.raw, child)["uuid"] == (
            child.exchange.request_id if child.exchange else ""
        )
    return draft


def test_an_early_export_of_claude_is_a_list() -> None:
    draft = claude(message("1", "human", "Hi"), message("2", "assistant", "Yo"), message("3", "human", "Why?"),
                   message("4", "assistant", "So."))  # fmt: skip
    assert [texts(each) for each in draft.children] == [
        {"prompt": "Hi", "output": "Yo"},
        {"prompt": "user: Hi\n\nassistant: Yo\n\nuser: Why?", "output": "So."},
    ]
    first = draft.children[0]
    assert first.exchange is not None
    assert (first.exchange.account, first.exchange.provider, first.collection) == (
        "acc",
        "anthropic",
        "outputs",
    )


def test_a_later_export_has_blocks_branches_and_attachments() -> None:
    root = "00000000-0000-4000-8000-000000000000"
    blocks = [
        {"type": "thinking", "thinking": "Hm", "signature": "s="},
        {"type": "text", "text": "Yo"},
    ]
    attached = [{"file_name": "a.txt", "extracted_content": "Rope."}]
    draft = claude(
        message("1", "human", "Hi", root, attachments=attached),
        message("2", "assistant", "", "1", content=blocks),
        message("3", "assistant", "Hello", "1", content=[]),
        message("4", "human", "Never answered", "2"),
    )
    asked = "Hi\n\n[a.txt]\nRope."
    assert [(each.kind, texts(each)) for each in draft.children] == [
        ("exchange", {"prompt": asked, "output": "Yo", "reasoning": "Hm"}),
        ("exchange", {"prompt": asked, "output": "Hello"}),
        ("request", {"prompt": f"user: {asked}\n\nassistant: Yo\n\nuser: Never answered"}),
    ]
    first = draft.children[0]
    assert first.exchange is not None
    assert first.exchange.reasoning_signature == "s="


@pytest.mark.parametrize(
    "record",
    [
        {"mapping": {}, "title": "x"},
        {"mapping": {"a": 7}, "title": "x"},
        {"mapping": {"a": {"x": 1}}, "title": "x"},
        {"chat_messages": 7, "uuid": "x"},
        {"chat_messages": []},
    ],
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_a_tree_as_deep_as_it_likes_takes_no_time() -> None:
    nodes = [node("n0", "root", "user", "Hi")]
    nodes += [node(f"n{at}", f"n{at - 1}", "assistant") for at in range(1, 3000)]
    draft, _ = chatgpt(*nodes)
    assert len(draft.children) == 2999
    assert draft.children[-1].exchange is not None


def test_circles_and_odd_values_do_no_harm() -> None:
    draft, _ = chatgpt(
        node("a", "b", "assistant", "x"),
        node("b", "a", "user", 7, None, {"odd": 1}),
        node("c", "nowhere", "user", content="plain", metadata=7),
        {"id": "d", "parent": 9, "message": {"content": []}},
        {"id": "e", "parent": None, "message": {"author": 7, "create_time": "x"}},
    )
    assert [each.kind for each in draft.children][:1] == ["exchange"]
    odd = claude({"uuid": "1", "sender": 7, "content": [7, None], "attachments": [7], "text": 9})
    assert odd.children == () or odd.children[0].kind == "request"


def test_an_answer_keeps_its_question_where_an_id_is_given_twice() -> None:
    said = [("u", "human", "Q1", ""), ("a", "assistant", "A1", "u"),
            ("u", "human", "Q2", "a"), ("b", "assistant", "A2", "u")]  # fmt: skip
    messages = [
        {"uuid": own, "sender": sender, "text": text, "parent_message_uuid": parent}
        for own, sender, text, parent in said
    ]
    draft = Draft(b"", Context())
    assert read_claude({"uuid": "c", "name": "n", "chat_messages": messages}, draft)
    found = [dict(each.texts) for each in draft.children]
    assert found == [
        {"prompt": "Q1", "output": "A1"},
        {"prompt": "user: Q1\n\nassistant: A1\n\nuser: Q2", "output": "A2"},
    ]
    assert [each.kind for each in draft.problems] == ["id-twice"]


def test_a_chat_of_the_compliance_api_names_roles_people_and_files() -> None:
    question = {
        "id": "m1", "role": "user", "created_at": "2026-04-10T08:09:10Z",
        "content": [{"type": "text", "text": "Read it."}],
        "files": [{"id": "f1", "filename": "plan.pdf", "mime_type": "application/pdf"}],
    }  # fmt: skip
    answer = {
        "id": "m2", "role": "assistant", "created_at": "2026-04-10T08:09:12Z",
        "content": [{"type": "text", "text": "Done."}], "artifacts": [{"id": "a1", "title": "T"}],
    }  # fmt: skip
    record = {
        "id": "chat1", "name": "Plans", "created_at": "2026-04-10T08:09:10Z", "model": "claude-x",
        "organization_uuid": "org", "project_id": "proj",
        "user": {"id": "user1", "email_address": "a@example.com"}, "chat_messages": [question, answer],
    }  # fmt: skip
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_claude(record, draft)
    assert recognise(record) == "Claude.ai export"
    assert [(each.address, each.name) for each in draft.parties] == [("a@example.com", "user1")]
    (item,) = draft.children
    assert item.kind == "exchange"
    assert texts(item) == {"prompt": "Read it.\n\n[plan.pdf]", "output": "Done."}
    said = item.exchange
    assert said is not None
    assert (said.account, said.organisation, said.project, said.conversation_id, said.model) == (
        "user1", "org", "proj", "chat1", "claude-x",
    )  # fmt: skip
    assert (said.request_id, said.parent_request) == ("m2", "m1")
    assert json.loads(said.extra)["asked"] == [
        {"id": "m1", "role": "user", "files": question["files"]}
    ]


def test_what_a_question_holds_beside_its_words_is_told_once() -> None:
    """With the first of two answers to it; of a question without an answer with the question itself."""
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://f1"}
    content = {"content_type": "multimodal_text", "parts": [picture, "What is it?"]}
    seen = {"attachments": [{"id": "f1", "name": "a.png"}]}
    draft, _ = chatgpt(
        node("q", "root", "user", content=content, metadata=seen),
        node("a1", "q", "assistant", "A boat."),
        node("a2", "q", "assistant", "A ship."),
        node(
            "t",
            "a2",
            "tool",
            content={"content_type": "tether_quote", "url": "https://e.example", "text": "x"},
        ),
    )
    first, second = (json.loads(each.exchange.extra) for each in draft.children if each.exchange)
    (asked,) = first["asked"]
    assert (asked["id"], asked["metadata"]) == ("q", seen)
    assert asked["content"] == {"content_type": "multimodal_text", "parts": [picture]}
    assert "asked" not in second
    (left,) = draft.extra["turns"]
    assert left["content"] == {"content_type": "tether_quote", "url": "https://e.example"}


def test_a_file_without_its_text_is_named() -> None:
    draft = claude(
        {**message("1", "human", ""), "files": [{"file_name": "a.png"}, {"file_name": "b.txt"}],
         "attachments": [{"file_name": "b.txt", "extracted_content": "inside"}]},
        message("2", "assistant", "Seen"),
    )  # fmt: skip
    assert texts(draft.children[0])["prompt"] == "[b.txt]\ninside\n\n[a.png]"
