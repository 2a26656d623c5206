"""Collecting by protocol: a registered prompt set is asked of an approved endpoint, and all of it is kept.

Questions go one after the other, sample by sample, in an order drawn by the set's seed. Each is on a tape
before it is sent (`tape`); a tape becomes an original of the case as soon as it is full or the run ends. What
was killed goes on where it was: a question that may have been sent is on record as `unknown` before it is
asked again.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import casekit
from casekit import clock
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest.provenance import Provenance
from casekit.jobs import protocols, tape
from casekit.jobs.intake import take_in
from casekit.jobs.tape import Place, Tape
from casekit.ops import collecting as ops
from casekit.progress import Progress, Silent
from casekit.queries import collecting as queries
from casekit.queries.collecting import Endpoint, PromptSet
from casekit.store.case import Case

if TYPE_CHECKING:
    from casekit.jobs.wire import Came

FOLDER = "collecting"
QUESTIONS_A_TAPE = 100
BYTES_A_TAPE = 32 * 1024 * 1024
ATTEMPTS = 5  # of a question in one run
FIRST_WAIT = 2.0  # s, doubled with every further attempt
LONGEST_WAIT = 600.0  # s that a server may ask for before the run is ended
IN_A_ROW = 3  # questions without an answer, or refused, after which something is wrong with all
CHARACTERS_A_TOKEN = 3  # English has about four, so that the estimate is rather too high


@dataclass(slots=True)
class Collected:
    """What a run did.

    Attributes:
        asked: Questions sent, each attempt counted.
        states: They, by what came of them.
        left: Questions that still have no answer.
        withheld: Prompts that may not leave the case, and were not asked.
        items: Items that the tapes gave.
        tapes: Names of the originals.
        cost: Of the questions of this run, as the answers tell their tokens; None without prices.
        stopped: Why it ended before all was asked; empty if it did not.
    """

    asked: int = 0
    states: Counter[str] = field(default_factory=Counter)
    left: int = 0
    withheld: int = 0
    items: int = 0
    tapes: list[str] = field(default_factory=list)
    cost: Decimal | None = None
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What asking a set costs at most: questions, tokens asked and answered, and the price."""

    questions: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None


def estimate(
    chosen: PromptSet, price_input: str = "", price_output: str = "", left: int | None = None
) -> Estimate:
    """What asking the set costs, if every answer is as long as it may be and no question is sent twice.

    Args:
        chosen: The set.
        price_input: Of a million tokens asked; without prices none is told.
        price_output: Of a million tokens answered.
        left: Questions that are still to be asked; None for all.
    """
    body = chosen.body
    whole = len(body["prompts"]) * body["samples"]
    questions = whole if left is None else left
    each = sum(_tokens(body, one["prompt"]) for one in body["prompts"]) / len(body["prompts"])
    asked = round(each * questions)
    answered = questions * body["parameters"]["max_tokens"]
    cost = _price(price_input, price_output, asked, answered) if price_input else None
    return Estimate(questions, asked, answered, cost)


def run(
    case: Case, name: str, model: str, key: str = "", progress: Progress | None = None, *,
    authority: Path | None = None, seconds: float = 300.0,
) -> Collected:  # fmt: skip
    """Ask what is left of a set, and keep it; the same call again goes on.

    Args:
        case: An open case.
        name: Of the set.
        model: An endpoint of the set is approved for it.
        key: Of the API. It is kept nowhere.
        progress: Told questions done; when it raises `Cancelled`, what has come is kept first.
        authority: Certificates (PEM) to be trusted instead of the system's.
        seconds: How long one answer may take.

    Raises:
        CaseKitError: Nothing was approved, or another run of this endpoint is at work.
    """
    with case.read() as s:
        chosen = queries.get(s, name)
        one = queries.approved(s, chosen.id, model)
    folder = case.folder / FOLDER
    folder.mkdir(exist_ok=True)
    with _alone(folder / f"{one.id}.lock"):
        work = _Run(case, chosen, one, key, progress or Silent(), authority, seconds)
        work.take_over()
        try:
            work.all()
        finally:
            work.end_tape()
    return work.told


class _Run:
    """The state of one run."""

    def __init__(
        self, case: Case, chosen: PromptSet, one: Endpoint, key: str, progress: Progress,
        authority: Path | None, seconds: float,
    ) -> None:  # fmt: skip
        from casekit.jobs import wire  # the only line that brings the network in

        self.told = Collected()
        self._wire = wire
        self._case, self._set, self._endpoint = case, chosen, one
        self._key, self._authority, self._seconds = key, authority, seconds
        self._progress = progress
        self._url = protocols.address(one.protocol, one.url)
        self._tape: Tape | None = None
        self._prompts: list[dict[str, Any]] = []
        self._done = self._wanted = 0
        self._last_error = ""

    def take_over(self) -> None:
        """Make originals of the tapes that a killed run has left."""
        for left in sorted(
            (self._case.folder / FOLDER).glob(f"set-{self._set.id}-{self._endpoint.id}-*.warc")
        ):
            self._keep(left)

    def all(self) -> None:
        """Ask everything that is left."""
        with self._case.read() as s:
            self._prompts, self.told.withheld = queries.prompts(s, self._set)
            final, last = queries.done(s, self._endpoint.id)
            standing = queries.standing(s, self._set, self._endpoint)
        order = [place for place in _order(self._set, self._prompts) if place not in final]
        self._wanted = len(self._prompts) * self._set.body["samples"]
        self._done = self._wanted - len(order)
        self.told.left = len(order)
        if not order:
            return
        spent = self._cost(standing.input_tokens, standing.output_tokens)
        self._begin(len(order))
        silent = refused = 0
        for prompt, sample in order:
            if self._too_dear(spent + (self.told.cost or 0)):
                return
            state = self._one(prompt, sample, last.get((prompt, sample), 0))
            if self.told.stopped:
                return
            silent = 0 if state in queries.FINAL else silent + 1
            refused = refused + 1 if state == "refused" else 0
            if max(silent, refused) >= IN_A_ROW:
                self.told.stopped = (
                    f"{IN_A_ROW} questions in a row had no answer: {self._last_error}"
                )
                return

    def _begin(self, left: int) -> None:
        one = self._endpoint
        with self._case.write() as s:
            ops.begin(
                s,
                {
                    "set": self._set.name, "set_sha256": self._set.sha256.hex(), "endpoint": self._url,
                    "protocol": one.protocol, "model": one.model, "account_holder": one.account_holder,
                    "operator": one.operator, "counsel": one.counsel, "terms_item": one.terms_id,
                    "parameters": self._set.body["parameters"], "questions": left,
                    "prompts_withheld": self.told.withheld, "version": casekit.__version__,
                },
            )  # fmt: skip

    def _one(self, prompt: int, sample: int, tried: int) -> str:
        """Ask one question until it is answered or given up; returns the last state."""
        wait = FIRST_WAIT
        state = ""
        for turn in range(1, ATTEMPTS + 1):
            came, verdict = self._send(Place(prompt, sample, tried + turn))
            state = verdict.state
            if state in queries.FINAL:
                self._done += 1
                self.told.left -= 1
                return state
            if state == "cancelled":
                raise Cancelled
            if state in ("stop", "certificate"):
                self.told.stopped = f"the endpoint turned the question away: {verdict.error}"
                return state
            if turn < ATTEMPTS:
                pause = max(wait, _retry_after(came, self._wire.http_date))
                if pause > LONGEST_WAIT:
                    self.told.stopped = (
                        f"the endpoint asks to wait for {pause:.0f} s: go on after that"
                    )
                    return state
                self._pause(pause, verdict.error)
                wait *= 2
        return state

    def _send(self, place: Place) -> tuple[Came, protocols.Verdict]:
        """Send one question; it and what came are on the tape when this returns."""
        one, wire = self._endpoint, self._wire
        text = next(p["prompt"] for p in self._prompts if p["no"] == place.prompt)
        data = protocols.body(one.protocol, one.model, text, self._set.body["parameters"])
        question = wire.question(
            self._url,
            protocols.fields(one.protocol),
            data,
            protocols.KEY_FIELDS[one.protocol],
            self._key,
        )
        self._step(f"{one.model}: prompt {place.prompt}, sample {place.sample}")
        written = self._open_tape()
        record = written.put_question(place, self._url, question.kept)
        came = wire.ask(question, lambda: self._step(""), self._seconds, self._authority)
        if came.state == "whole":
            verdict = protocols.judge(came.status, came.headers.get("content-type", ""), came.body)
        else:
            verdict = protocols.Verdict(came.state, came.error)
        told = {
            "state": verdict.state, "status": came.status, "sent_us": came.sent_us, "ended_us": came.ended_us,
            "clock_us": came.clock_us, "clock_error_us": came.clock_error_us,
            "input_tokens": verdict.input_tokens, "output_tokens": verdict.output_tokens,
            "error": verdict.error or None, "tls": came.tls or None,
        }  # fmt: skip
        if came.certificate:
            told["certificate_sha256"] = wire.fingerprint(came.certificate).hex()
        if came.split:
            told["without_transfer_coding"] = True
        written.put_answer(record, place, self._url, came.raw, told, came.address)
        if came.certificate:
            written.put_certificate(
                self._url, came.certificate, wire.pem(came.certificate), came.tls
            )
        self._count(verdict)
        return came, verdict

    def _count(self, verdict: protocols.Verdict) -> None:
        self.told.asked += 1
        self.told.states[verdict.state] += 1
        self._last_error = verdict.error
        if self._endpoint.price_input:
            asked, answered = verdict.input_tokens or 0, verdict.output_tokens or 0
            self.told.cost = (self.told.cost or Decimal(0)) + self._cost(asked, answered)

    def _cost(self, asked: int, answered: int) -> Decimal:
        one = self._endpoint
        if not one.price_input:
            return Decimal(0)
        return _price(one.price_input, one.price_output, asked, answered)

    def _too_dear(self, spent: Decimal) -> bool:
        """Whether the next question could go beyond what was approved."""
        most = self._endpoint.most
        if not most:
            return False
        body = self._set.body
        longest = max(_tokens(body, p["prompt"]) for p in self._prompts)
        next_one = self._cost(longest, body["parameters"]["max_tokens"])
        if spent + next_one <= Decimal(most):
            return False
        self.told.stopped = (
            f"{spent:.2f} {self._endpoint.currency} of the {most} that were approved are spent"
        )
        return True

    def _step(self, text: str) -> None:
        self._progress.step(self._done, self._wanted, text)

    def _pause(self, seconds: float, why: str) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._step(f"waiting {left:.0f} s: {why}")
            time.sleep(min(0.1, left))

    # -- tapes ------------------------------------------------------------------------------------

    def _open_tape(self) -> Tape:
        if self._tape is not None and (
            self._tape.questions >= QUESTIONS_A_TAPE or self._tape.size >= BYTES_A_TAPE
        ):
            self.end_tape()
        if self._tape is None:
            one, moment = self._endpoint, clock.iso(clock.now_us()).replace(":", "")
            path = self._case.folder / FOLDER / f"set-{self._set.id}-{one.id}-{moment}.warc"
            about = {
                "software": f"CaseKit/{casekit.__version__}", "format": "WARC File Format 1.1",
                "operator": one.operator, "casekit-set": self._set.name,
                "casekit-set-sha256": self._set.sha256.hex(), "casekit-endpoint": self._url,
                "casekit-model": one.model,
                "casekit-left-out": "the key of the API, wherever it stood",
            }  # fmt: skip
            self._tape = Tape(path, about)
        return self._tape

    def end_tape(self) -> None:
        """Close the tape at work and make it an original."""
        if self._tape is not None:
            self._tape.close()
            path, self._tape = self._tape.path, None
            self._keep(path)

    def _keep(self, path: Path) -> None:
        """Import a tape, record its questions, and only then take the working copy away."""
        with self._case.read() as s:
            recorded = path.name in queries.tapes(s, self._endpoint.id)
        one = self._endpoint
        if not recorded:
            rows = tape.read(path)
            report = take_in(
                self._case, [path],
                provenance=Provenance(
                    received_from=self._url, received_at=f"asked until {clock.iso(clock.now_us())}",
                    medium="network", collected_by=one.operator,
                    collection_tool=f"CaseKit {casekit.__version__}, set “{self._set.name}”",
                    authority=f"approved by {one.counsel}; account of {one.account_holder}",
                    role=one.role, model=one.model,
                ),
            )  # fmt: skip
            self.told.items += report.items
            sha256 = hashlib.sha256(path.read_bytes()).digest()
            if (self._case.vault.hash_of(sha256) or (b"",))[0] != sha256:
                raise CaseKitError(
                    "The tape {name} could not be taken into the vault: it stays in the case's folder, and the "
                    "same call again tries once more.",
                    name=path.name,
                )
            with self._case.write() as s:
                ops.keep(s, one.id, path.name, sha256, [_columns(row) for row in rows])
            self.told.tapes.append(path.name)
        path.unlink()


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a tape as one of the table."""
    place: Place = row["place"]
    names = ("state", "status", "sent_us", "ended_us", "clock_us", "clock_error_us", "input_tokens",
             "output_tokens", "error")  # fmt: skip
    known = {name: row.get(name) for name in names}
    shown = row.get("certificate_sha256")
    return {
        "prompt_no": place.prompt, "sample": place.sample, "attempt": place.attempt, **known,
        "certificate_sha256": bytes.fromhex(shown) if shown else None,
    }  # fmt: skip


def _order(chosen: PromptSet, prompts: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Every question (prompt, sample): sample by sample, the prompts of each in an order drawn by the seed."""

    def drawn(number: int, sample: int) -> bytes:
        return hashlib.sha256(f"{chosen.body['seed']} {sample} {number}".encode()).digest()

    numbers = [one["no"] for one in prompts]
    return [
        (number, sample)
        for sample in range(1, chosen.body["samples"] + 1)
        for number in sorted(numbers, key=lambda n, k=sample: drawn(n, k))  # type: ignore[misc]
    ]


def _tokens(body: dict[str, Any], prompt: str) -> int:
    """Tokens of a question, rather too many than too few; a sign that is no Latin one counts as one."""
    text = prompt + str(body["parameters"].get("system") or "")
    latin = sum(ord(sign) < 0x250 for sign in text)
    return 16 + -(-latin // CHARACTERS_A_TOKEN) + len(text) - latin


def _price(price_input: str, price_output: str, asked: int, answered: int) -> Decimal:
    return (Decimal(price_input) * asked + Decimal(price_output) * answered) / 1_000_000


def _retry_after(came: Came, http_date: Any) -> float:
    """Seconds that the server asks to wait; 0 if it asks for none."""
    said = came.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    moment = http_date(said)
    return 0.0 if moment is None else max(0.0, (moment - clock.now_us()) / 1e6)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that the system takes away from a killed process."""
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise CaseKitError(
                "Another CaseKit is asking this endpoint for this case: wait until it is done."
            ) from error
        yield


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
