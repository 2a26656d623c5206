"""Sets made for training from models' answers: reasoning in a column of its own, talks in a chat template.

Source: simplescaling `s1K`, `s1K-1.1`; open-thoughts `OpenThoughts-114k`; timdettmers
`openassistant-guanaco`; the chat templates of ChatML, Llama 2 and 3, Gemma, Zephyr and Alpaca.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from casekit.ingest.dialects.bodies import OUTPUT_NAMES, read_messages
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.mapped import PROMPT_NAMES
from casekit.ingest.dialects.sets import RULES

Record = dict[str, Any]

# -- thoughts and answers in columns that name whose they are ----------------------------------------

_THOUGHTS = (
    "thinking_trajectory",
    "thinking_trajectories",
    "reasoning",
    "thinking",
    "reasoning_trace",
)
_ANSWERS = ("attempt", "solution", "answer", "response", "output")
_FAMILIES = frozenset(
    ["deepseek", "gemini", "qwen", "gpt", "gpt4", "openai", "claude", "o1", "o3", "r1", "llama", "mistral",
     "grok", "kimi", "glm", "minimax", "phi", "qwq"]
)  # fmt: skip
"""Beginnings of columns that name a model."""


class _Answer(NamedTuple):
    """One model's answer: its columns, and what they begin with."""

    prefix: str
    thought: str
    answer: str


def read_traced(record: Record, draft: Draft) -> bool:
    """A question with the reasoning and the answer of one model or of several; the others hang below."""
    asked = next((name for name in PROMPT_NAMES if type(record.get(name)) is str), None)
    found = list(_answers(record)) if asked is not None else []
    if asked is None or not found:
        return False
    used = {asked, *(name for each in found for name in (each.thought, each.answer))}
    for number, each in enumerate(found):
        part = draft if not number else draft.part((each.answer,))
        part.prompt, part.output = record[asked], record[each.answer]
        part.reasoning = _joined(record[each.thought])
        part.fields["sample"] = number
        if each.prefix in _FAMILIES:
            part.fields["model"] = each.prefix
        if number:
            draft.hang(part)
        else:
            part.take({key: value for key, value in record.items() if key not in used}, RULES)
    return True


def _answers(record: Record) -> Iterator[_Answer]:
    """The answers; beside one under a common name, only columns that name a model hold another."""
    plain = any(type(record.get(name)) is str for name in OUTPUT_NAMES)
    for column, value in record.items():
        for name in _THOUGHTS:
            prefix = column.removesuffix(name)
            if prefix == column or (prefix and not prefix.endswith("_")) or not _joined(value):
                continue
            told = (f"{prefix}{each}" for each in _ANSWERS if prefix or each == "attempt")
            answer = next((each for each in told if type(record.get(each)) is str), None)
            owner = prefix.rstrip("_").lower()
            if answer is not None and (not plain or owner in _FAMILIES):
                yield _Answer(owner, column, answer)
            break


def _joined(value: Any) -> str:
    if type(value) is list and all(type(each) is str for each in value):
        return "\n\n".join(value)
    return value if type(value) is str else ""


# -- a talk written out as one text ------------------------------------------------------------------


class _Template(NamedTuple):
    """How a model's chat template writes a talk.

    Attributes:
        name: As people know it.
        marker: Stands before each turn; its group is the role.
        ends: Any of them ends a turn.
        led: Whether a text before the first turn belongs to it.
    """

    name: str
    marker: re.Pattern[str]
    ends: tuple[str, ...] = ()
    led: bool = False


_TEMPLATES = (
    _Template("ChatML", re.compile(r"<\|im_start\|>([A-Za-z_]{1,20})\n"), ("<|im_end|>",)),
    _Template("Llama 3", re.compile(r"<\|start_header_id\|>([A-Za-z_]{1,20})<\|end_header_id\|>\n\n"),
              ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>")),
    _Template("Gemma", re.compile(r"<start_of_turn>(user|model)\n"), ("<end_of_turn>",)),
    _Template("Zephyr", re.compile(r"<\|(system|user|assistant)\|>\n?"), ("</s>", "<|end|>", "<|endoftext|>")),
    _Template("Llama 2", re.compile(r"(\[/?INST\]) ?"), ("</s>",)),
    _Template("Alpaca", re.compile(r"### ?(Human|Assistant|System|User|Instruction|Input|Response):[ \n]?"),
              led=True),
)  # fmt: skip
_ROLES = {
    "human": "user", "instruction": "user", "input": "user", "[inst]": "user",
    "response": "assistant", "model": "assistant", "[/inst]": "assistant",
}  # fmt: skip
_FILLING = re.compile(
    r"(?:\s|<s>|</s>|<bos>|<eos>|<\|begin_of_text\|>|<\|endoftext\|>|<\|end_of_text\|>)*"
)
_TOLD_LLAMA = re.compile(r"\s*<<SYS>>\n?(.*?)\n?<</SYS>>\s*", re.DOTALL)


def read_templated(record: Record, draft: Draft) -> bool:
    """A talk as one `text`, in the words that a model's chat template puts around each turn."""
    text = record.get("text")
    if type(text) is not str:
        return False
    for template in _TEMPLATES:
        messages = _turns(text, template)
        if messages:
            read_messages(messages, draft, answered=False)
            draft.take({key: value for key, value in record.items() if key != "text"}, RULES)
            draft.put_extra("template", template.name)
            return True
    return False


def _turns(text: str, template: _Template) -> list[Record]:
    """The turns of a talk; none if the text is not written in this template throughout."""
    markers = list(template.marker.finditer(text))
    if not markers:
        return []
    lead = text[: markers[0].start()]
    found: list[Record] = []
    if not _FILLING.fullmatch(lead):
        if not template.led:
            return []
        found.append({"role": "system", "content": lead.rstrip("\n")})
    for number, marker in enumerate(markers):
        last = number + 1 == len(markers)
        said = text[marker.end() : len(text) if last else markers[number + 1].start()]
        cut = min((at for end in template.ends if (at := said.find(end)) >= 0), default=None)
        if cut is not None:
            if not _FILLING.fullmatch(said[cut:].removeprefix(_end_at(said, cut, template))):
                return []
            said = said[:cut]
        elif template.led and not last:
            said = said.rstrip("\n")
        found += _said(marker[1].lower(), said)
    roles = {each["role"] for each in found}
    return found if {"user", "assistant"} <= roles else []


def _end_at(said: str, at: int, template: _Template) -> str:
    return next(end for end in template.ends if said.startswith(end, at))


def _said(role: str, text: str) -> Iterator[Record]:
    if role in ("[inst]", "[/inst]"):  # the blanks around a turn are the template's
        told = _TOLD_LLAMA.match(text)
        if told:
            yield {"role": "system", "content": told[1]}
            text = text[told.end() :]
        text = text.strip(" ")
    yield {"role": _ROLES.get(role, role), "content": text}
