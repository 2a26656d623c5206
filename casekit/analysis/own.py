"""An expert's own method: one Python file with a small interface, or scores that another program computed.

A method file holds, at its top level, `NAME` (one line), `LIMITATIONS` and `INNOCENT` (sentences), and

    def compare(answers, controls, seed):  ->  {"score": float, "controls": {model: float}, …}

where `answers` is the subject's list of `(prompt, answer)` and `controls` maps each control model to such a
list. It has to return the subject's score and one for every control, by the same measure: the error rate is
that of the controls. If it has a parameter `progress`, it is given a function to be told (done, total). If it
reads files, such as weights, it declares `FILES`, their names, which lie beside it (`own_files`), and has a
parameter `files`: the path of each by its name.

The file runs in a process of its own, confined as the readers of foreign files are: no network, nothing to
write to, no files but these and the program's own libraries, a limit of memory and of time; a cancelled one
is ended at once. Its text and SHA-256, and the SHA-256 of its files, are kept in the finding, to be read; it is
never run from there, because a case may come from the other side: who computes it again names the file, and
all hashes have to be the same.

Scores of another program come as JSON with the same parts; they are kept as they are, and say whose they are.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

import casekit
from casekit.analysis import own_files
from casekit.analysis.overlap import apart
from casekit.analysis.own_files import MethodFile
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.confine import Limits, Worker, WorkerCrashed, WorkerFault
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.store import canonical

LEAST_CONTROLS = 1
MOST_BYTES = 1_000_000
LOADING_SECONDS = 60.0
MOST_SECONDS = 3_600.0
LIMITATION = (
    "The method is the expert's own: CaseKit computed the error rate from its scores of the controls and "
    "checked nothing else of it."
)
FOREIGN = (
    "The scores were computed by another program outside the case; CaseKit computed only the error rate from "
    "those of the controls."
)


@dataclass(frozen=True, slots=True)
class Method:
    """A method file as it was read: its text, what it says of itself, and the files that it reads."""

    text: str
    name: str
    limitations: tuple[str, ...]
    innocent: tuple[str, ...]
    files: tuple[MethodFile, ...] = ()

    @property
    def sha256(self) -> str:
        """Of its bytes, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(path: Path, progress: Progress | None = None) -> Method:
    """The method in a file.

    Raises:
        CaseKitError: It cannot be read, is no Python, or lacks a part of the interface.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise CaseKitError("{name} is larger than a method may be.", name=path.name)
        return method(raw.decode("utf-8"), progress, path.parent)
    except (OSError, UnicodeDecodeError) as error:
        raise CaseKitError("{name} cannot be read as a method.", name=path.name) from error


def method(text: str, progress: Progress | None = None, folder: Path | None = None) -> Method:
    """The method in a text; its top level is run, confined.

    Args:
        text: The program.
        progress: Asked whether to stop.
        folder: Where the files lie that it reads.

    Raises:
        CaseKitError: It is no Python, or lacks a part of the interface or a file.
        Cancelled: Asked for.
    """
    said = _Run("described", text.encode(), LOADING_SECONDS, progress or Silent()).result(
        "The method cannot be loaded: {kind}: {why}"
    )
    if (
        not isinstance(said["NAME"], str)
        or not said["NAME"].strip()
        or not _sentences(said["LIMITATIONS"])
        or not _sentences(said["INNOCENT"])
    ):
        raise CaseKitError(
            "A method needs NAME, and LIMITATIONS and INNOCENT with at least one sentence each."
        )
    if not said["compare"]:
        raise CaseKitError("A method needs a function compare(answers, controls, seed).")
    files = own_files.find(
        said.get("FILES") or [],
        folder,
        lambda: (progress or Silent()).step(0, None, "hashing the method’s files"),
    )
    return Method(text, said["NAME"], tuple(said["LIMITATIONS"]), tuple(said["INNOCENT"]), files)


def same(chosen: Method | None, body: Mapping[str, Any]) -> Method:
    """The method, if it is the one that a kept finding was computed by.

    Raises:
        CaseKitError: None is given, or another one.
    """
    if chosen is None or chosen.sha256 != body["parameters"].get("method_sha256"):
        raise CaseKitError(
            "Name the file of the method whose SHA-256 is {sha256}: a program out of a case is never run.",
            sha256=str(body["parameters"].get("method_sha256", "")),
        )
    own_files.same(chosen.files, body["parameters"].get("files", ()))
    return chosen


def compare(
    s: Connection, *, chosen: Method, subject: str, controls: Sequence[str], seed: int = 20260101,
    seconds: float = MOST_SECONDS, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a finding by an expert's own method.

    Args:
        s: A reading session.
        chosen: The method.
        subject: Model examined.
        controls: Models known to have no link to the source; at least one.
        seed: Handed to the method.
        seconds: How long it may take.
        progress: Told what the method tells; a cancelled method is ended.

    Raises:
        CaseKitError: No control, a model in two parts or without answers, or the method failed, took too long
            or returned no score for each.
        Cancelled: Asked for.
    """
    controls = list(dict.fromkeys(controls))
    apart(subject, "", controls)
    if not controls:
        raise CaseKitError("A finding needs at least one control model: name one.")
    answers = {model: exchanges.answers(s, model) for model in (subject, *controls)}
    for model, found in answers.items():
        if not found:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=model)
    texts = {model: [(a.prompt, a.output) for a in found] for model, found in answers.items()}
    asked = {
        "text": chosen.text, "answers": texts[subject], "seed": seed,
        "controls": {model: texts[model] for model in controls},
    }  # fmt: skip
    told = progress or Silent()
    with own_files.laid_out(
        chosen.files, lambda: told.step(0, None, "copying the method’s files")
    ) as files:
        run = _Run(
            "computed",
            orjson.dumps({**asked, "files": files}),
            seconds,
            told,
            _limits(chosen, files),
        )
        given = run.result("The method failed: {kind}: {why}")
    score, others, extra = _scores(given, controls)
    inputs = [
        {
            "model": model, "role": "subject" if model == subject else "control", "answers": len(found),
            "root": canonical.root(a.digest for a in found).hex(),
        }
        for model, found in answers.items()
    ]  # fmt: skip
    inputs += [each.as_input() for each in chosen.files]
    kept = {"files": [each.told() for each in chosen.files]} if chosen.files else {}
    return _body(
        name=chosen.name, subject=subject, score=score, others=others, inputs=inputs, seed=seed, extra=extra,
        limitations=[LIMITATION, *chosen.limitations], innocent=chosen.innocent,
        parameters={"method_sha256": chosen.sha256, **kept}, program=chosen.text,
    )  # fmt: skip


def take(raw: bytes, name: str) -> dict[str, Any]:
    """The body of a finding from scores that another program computed.

    Args:
        raw: JSON: `method`, `program`, `version`, `by` (who ran it), `subject`, `score`, `controls` (score by
            model), `inputs` (each with `model`, `role`, `sha256` of its file), `limitations`, `innocent`.
        name: Of the file, for refusals.

    Raises:
        CaseKitError: It is no such JSON, or leaves out what a finding must say.
    """
    try:
        given = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise CaseKitError("{name} is no JSON: {why}.", name=name, why=str(error)) from error
    if not isinstance(given, dict):
        raise CaseKitError("{name} holds no JSON object.", name=name)
    missing = [
        key
        for key in ("method", "program", "version", "by", "subject")
        if not str(given.get(key) or "").strip()
    ] + [key for key in ("limitations", "innocent", "inputs") if not given.get(key)]
    if missing:
        raise CaseKitError(
            "{name} does not say: {missing}. A finding without them is not kept.",
            name=name,
            missing=", ".join(missing),
        )
    if not _sentences(given["limitations"]) or not _sentences(given["innocent"]):
        raise CaseKitError("{name}: limitations and innocent are lists of sentences.", name=name)
    score, others, _ = _scores(given, list(given.get("controls") or {}))
    apart(str(given["subject"]), "", list(others))
    return _body(
        name=str(given["method"]), subject=str(given["subject"]), score=score, others=others,
        inputs=_inputs(given["inputs"], name), seed=given.get("seed", 0), extra={},
        limitations=[FOREIGN, *given["limitations"]], innocent=given["innocent"],
        parameters={
            "file": name, "file_sha256": hashlib.sha256(raw).hexdigest(), "program": str(given["program"]),
            "program_version": str(given["version"]), "computed_by": str(given["by"]),
        },
        program="",
    )  # fmt: skip


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with the error rate that the controls allow."""
    result = body["result"]
    return (
        f"By the method “{body['method']}” the subject scores {result['score']:.6g}; "
        f"{result['controls_at_least_as_high']} of {result['controls']} controls score as high (p = "
        f"{result['p']:.2f}, which they cannot bring below {result['p_floor']:.2f}; so wrong in up to "
        f"{result['false_positive_upper']:.0%} of such cases). The method is the expert's own."
    )


def _body(
    *, name: str, subject: str, score: float, others: Mapping[str, float], inputs: list[dict[str, Any]],
    seed: int, extra: Mapping[str, Any], limitations: Sequence[str], innocent: Sequence[str],
    parameters: Mapping[str, Any], program: str,
) -> dict[str, Any]:  # fmt: skip
    reached = sum(other >= score for other in others.values())
    body = {
        "v": 1,
        "method": name,
        "question": {
            "h1": f"{subject} carries what the method “{name}” measures because of the source.",
            "h0": f"{subject} scores as models without a link to the source do.",
        },
        "inputs": inputs,
        "parameters": dict(parameters),
        "seed": seed,
        "result": {
            "score": score, "controls": len(others), "controls_at_least_as_high": reached,
            "p": round(conformal_p(score, list(others.values())), 4),
            "p_floor": round(1 / (1 + len(others)), 4),
            "false_positive_upper": round(upper_bound(reached, len(others)), 4),
            **extra,
        },
        "controls": [{"model": model, "score": other} for model, other in others.items()],
        "dropped": [],
        "limitations": list(limitations),
        "innocent": list(innocent),
        "program": program,
        "versions": {"casekit": casekit.__version__, "python": platform.python_version()},
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}


def _limits(chosen: Method, files: Mapping[str, str]) -> Limits:
    """What the process may use: the folder of the copies, and memory to hold them twice."""
    size = sum(each.size for each in chosen.files)
    folders = {str(Path(path).parent) for path in files.values()}
    return Limits(memory=Limits().memory + 2 * size, readable=tuple(folders))


class _Run:
    """One call into the confined process, with a clock and an ear for who wants it to stop."""

    def __init__(
        self,
        function: str,
        payload: bytes,
        seconds: float,
        progress: Progress,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._function, self._payload = f"casekit.analysis.own_inside:{function}", payload
        self._seconds, self._progress = seconds, progress
        self._end = time.monotonic() + seconds
        self._told: tuple[int, int | None] = (0, None)

    def result(self, failed: str) -> Any:
        """What the process gave; `failed` is the sentence for an exception, with its kind and text."""
        try:
            with Worker(self._limits) as worker:
                frames = worker.stream(
                    self._function,
                    self._payload,
                    quiet_seconds=self._seconds + 60,
                    waiting=self._wait,
                )
                for frame in frames:
                    head, value = frame[:1], json.loads(frame[1:])
                    if head == b"r":
                        return value
                    if head == b"e":
                        raise CaseKitError(failed, kind=value[0], why=value[1])
                    self._told = (value[0], value[1])
                    self._wait()
        except WorkerCrashed as fault:
            raise CaseKitError(
                "The method ended its process ({reason}): it may have used more memory than it may.",
                reason=fault.reason,
            ) from fault
        except WorkerFault as fault:
            raise CaseKitError("The method could not be run: {why}.", why=str(fault)) from fault
        raise CaseKitError("The method ended without a result.")

    def _wait(self) -> None:
        self._progress.step(*self._told, "the expert’s method is at work")
        if time.monotonic() > self._end:
            raise CaseKitError(
                "The method took longer than {minutes} minutes and was ended.",
                minutes=f"{self._seconds / 60:g}",
            )


def _sentences(given: Any) -> bool:
    return (
        isinstance(given, list | tuple)
        and bool(given)
        and all(isinstance(one, str) and one.strip() for one in given)
    )


def _scores(given: Any, controls: Sequence[str]) -> tuple[float, dict[str, float], dict[str, Any]]:
    """The subject's score, the controls', and what else of plain values was returned."""
    others = given.get("controls") if isinstance(given, Mapping) else None
    numbers = [given.get("score"), *others.values()] if isinstance(others, Mapping) else [None]
    whole = (
        isinstance(others, Mapping)
        and set(others) == set(controls)
        and len(others) >= LEAST_CONTROLS
    )
    if not whole or not all(_is_number(n) for n in numbers):
        raise CaseKitError(
            "A method gives a finite “score”, and under “controls” one for each control: without them there is "
            "no error rate."
        )
    assert isinstance(others, Mapping)
    extra = {
        str(key): value
        for key, value in given.items()
        if key not in ("score", "controls") and isinstance(value, str | int | float | bool)
    }
    return float(given["score"]), {model: float(others[model]) for model in controls}, extra


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _inputs(given: Any, name: str) -> list[dict[str, Any]]:
    rows = given if isinstance(given, list) else []
    good = [
        {
            "model": str(r["model"]),
            "role": str(r["role"]),
            "answers": int(r.get("answers", 0)),
            "root": r["sha256"],
        }
        for r in rows
        if isinstance(r, Mapping)
        and {"model", "role"} <= set(r)
        and len(str(r.get("sha256", ""))) == 64
        and isinstance(r.get("answers", 0), int)
    ]
    if not rows or len(good) != len(rows):
        raise CaseKitError(
            "{name}: every input needs model, role and the SHA-256 (hex) of its file.", name=name
        )
    return good
