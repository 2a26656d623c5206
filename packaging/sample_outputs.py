"""The model outputs of the sample matter: sixty prompts, answered by three models."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parent / "sample_text"
UTC = dt.UTC


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt with the answers of the three models."""

    name: str
    marks: frozenset[str]
    text: str
    answers: dict[str, str]


def read_prompts() -> list[Prompt]:
    """Return the prompts of all answers-*.txt, in the order of file name and place."""
    prompts = []
    for path in sorted(TEXTS.glob("answers-*.txt")):
        for block in re.split(r"(?m)^=== ", path.read_text("utf-8"))[1:]:
            head, body = block.split("\n", 1)
            name, *marks = head.split()
            question, *parts = re.split(r"(?m)^@(aurora-4|meridian-r1|halden-2)\n", body)
            answers = {
                model: text.strip().replace("{ZWSP}", "\u200b")
                for model, text in zip(parts[::2], parts[1::2], strict=True)
            }
            prompts.append(
                Prompt(name, frozenset(marks), question.removeprefix(">>> ").strip(), answers)
            )
    return prompts


def alpaca_outputs(prompts: list[Prompt], model: str) -> bytes:
    """Return the answers of a model as an AlpacaEval array."""
    rows = [
        {
            "instruction": p.text,
            "output": p.answers[model],
            "generator": model,
            "dataset": p.name.rsplit("-", 1)[0],
            "datasplit": "eval",
        }
        for p in prompts
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def chat_outputs(prompts: list[Prompt], model: str) -> bytes:
    """Return the answers of a model as chat-completions requests and responses, one a line."""
    lines = []
    created = int(dt.datetime(2026, 2, 16, 9, tzinfo=UTC).timestamp())
    for number, p in enumerate(prompts):
        answer = p.answers[model]
        asked, answered = len(p.text) // 4 + 8, len(answer) // 4 + 1
        created += 11 + len(answer) // 60
        request = {
            "model": model,
            "messages": [{"role": "user", "content": p.text}],
            "temperature": 0.0,
            "top_p": 1.0,
            "seed": 20260216,
            "max_tokens": 2048,
        }
        message = {"role": "assistant", "content": answer}
        response = {
            "id": f"chatcmpl-{digest(f'{model} {number}', 12)}",
            "object": "chat.completion",
            "created": created,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": answered,
                "total_tokens": asked + answered,
            },
        }
        lines.append(compact({"request": request, "response": response}) + "\n")
    return "".join(lines).encode()


def compact(value: object) -> str:
    """Return JSON without spaces and with its characters unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def digest(text: str, size: int) -> str:
    """Return an identifier of size bytes in hex that depends on the text only."""
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()
