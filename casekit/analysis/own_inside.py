"""What runs inside the confined process: an expert's method is loaded, asked what it is, and run.

Everything goes in and comes out as JSON. A frame begins with `p` (progress: done, total), `r` (what was
returned) or `e` (kind and text of what went wrong: the text is the expert's own).
"""

from __future__ import annotations

import inspect
import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

PARTS = ("NAME", "LIMITATIONS", "INNOCENT", "FILES")


def described(untrusted_text: bytes, _argument: bytes) -> bytes:
    """The parts of a method that say what it is, and whether it has a function `compare`."""
    try:
        names = _loaded(bytes(untrusted_text).decode())
    except BaseException as error:  # noqa: BLE001 - also what leaves the program must be told
        return b"e" + _packed([type(error).__name__, str(error)])
    told = {key: names.get(key) for key in PARTS}
    return b"r" + _packed({**told, "compare": callable(names.get("compare"))})


def computed(asked: bytes, _argument: bytes) -> Iterator[bytes]:
    """Frames of progress, and at last what `compare` returned or raised.

    It runs beside: what it reports of its progress has to leave while it is at work.
    """
    given = json.loads(bytes(asked))
    frames: queue.Queue[bytes] = queue.Queue()

    def run() -> None:
        try:
            frames.put(b"r" + _packed(_run(given, frames.put)))
        except BaseException as error:  # noqa: BLE001 - also what leaves the program must be told
            frames.put(b"e" + _packed([type(error).__name__, str(error)]))

    threading.Thread(target=run, daemon=True).start()
    while True:
        frame = frames.get()
        yield frame
        if not frame.startswith(b"p"):
            return


def _run(given: Mapping[str, Any], send: Callable[[bytes], None]) -> Any:
    compare = _loaded(given["text"])["compare"]

    def progress(done: int, total: int | None = None) -> None:
        send(b"p" + _packed([int(done), None if total is None else int(total)]))

    offered = {"progress": progress, "files": given.get("files", {})}
    more = {name: value for name, value in offered.items() if _takes(compare, name)}
    answers = [(prompt, output) for prompt, output in given["answers"]]
    controls = {m: [(p, o) for p, o in pairs] for m, pairs in given["controls"].items()}
    return _plain(compare(answers, controls, given["seed"], **more))


def _loaded(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "casekit_method"}
    exec(compile(text, "method", "exec"), names)
    return names


def _takes(compare: Callable[..., Any], name: str) -> bool:
    try:
        return name in inspect.signature(compare).parameters
    except (TypeError, ValueError):
        return False


def _plain(returned: Any) -> Any:
    """Scores and what else of plain values was returned; a number of another library is a number."""
    if not isinstance(returned, Mapping):
        return None
    others = returned.get("controls")
    kept: dict[str, Any] = {
        str(k): v for k, v in returned.items() if isinstance(v, str | int | float | bool)
    }
    kept["score"] = _number(returned.get("score"))
    if isinstance(others, Mapping):
        kept["controls"] = {str(m): _number(v) for m, v in others.items()}
    return kept


def _number(value: Any) -> Any:
    if isinstance(value, bool | int | str) or value is None:
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _packed(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()
