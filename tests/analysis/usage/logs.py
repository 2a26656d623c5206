"""Small API logs with known truth: ordinary accounts, a campaign, and innocents that look like one.

Every part is a function from a random generator to rows, so that it can be added to any log, one that a
benchmark reads from a file too. Rows carry the names of the sidecar's columns.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from casekit.ops.items import NewItem
from tests.builders import make_item

Row = dict[str, Any]
START_US = 1_767_225_600_000_000
DAY_US = 86_400_000_000
DAYS = 28
MODELS = ("larch-2", "larch-mini")
NEW_MODEL = "larch-3"
RELEASE_US = START_US + 17 * DAY_US

_STRINGS = ("kind", "collection", "sent_zone", "model", "endpoint", "account", "api_key", "request_id", "ip",
            "country", "user_agent", "ja3", "ja4", "sdk", "payment", "organisation", "project", "end_user",
            "finish_reason", "currency", "operation", "system", "prompt", "output", "error",
            "joint")  # fmt: skip
_NUMBERS = ("item_id", "sent_us", "asn", "status", "max_tokens", "input_tokens", "output_tokens",
            "reasoning_tokens", "cache_read_tokens", "cache_write_tokens", "answers", "latency_ms")  # fmt: skip
_FRACTIONS = ("temperature", "cost")
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
    "bra",
    "cle",
    "dri",
    "flo",
    "gru",
]
_VERBS = [
    "sort",
    "draft",
    "explain",
    "fix",
    "check",
    "compare",
    "plan",
    "write",
    "shorten",
    "translate",
    "list",
    "name",
]


def vocabulary(rng: random.Random, count: int = 600) -> list[str]:
    """Words of an invented language."""
    return ["".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(count)]


WORDS = vocabulary(random.Random(1))


def free_text(rng: random.Random, low: int = 6, high: int = 30) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(low, high)))


def row(rng: random.Random, account: Row, us: int, prompt: str, **values: Any) -> Row:
    """One exchange of an account; `values` go before the account's own and the ordinary ones."""
    out = int(rng.lognormvariate(5.2, 0.9))
    made: Row = {
        "kind": "exchange", "collection": "api-log", "sent_zone": "explicit", "sent_us": us, "status": 200,
        "endpoint": "/v1/chat", "finish_reason": "stop", "max_tokens": rng.choice((256, 512, 1024, 4096)),
        "model": model_at(rng, us), "input_tokens": len(prompt) // 4 + 10, "output_tokens": out,
        "output": free_text(rng, 8, 20), "prompt": prompt, "system": "You help.",
        **{k: v for k, v in account.items() if k not in {"zone", "networks"}},
        "ip": f"{rng.choice(account['networks'])}.{rng.randint(1, 254)}",
        **values,
    }  # fmt: skip
    return made


def model_at(rng: random.Random, us: int, eager: float = 0.03) -> str:
    days = (us - RELEASE_US) / DAY_US
    return NEW_MODEL if days > 0 and rng.random() < min(0.8, eager * days) else rng.choice(MODELS)


def account(rng: random.Random, name: str, **values: Any) -> Row:
    """An account with traits of its own, save those given."""
    return {
        "account": name, "api_key": f"k-{name}", "payment": f"card-{name}",
        "country": rng.choice(("DE", "US", "IN")),
        "networks": [f"{rng.randint(20, 90)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}" for _ in range(2)],
        "user_agent": rng.choice(("sdk-py/2.1", "sdk-js/4.0", "curl/8.5", "app/1.7", "go/1.2", "x/9")),
        "ja4": f"j{rng.getrandbits(40):x}", "asn": 64512 + rng.randint(0, 300),
        "zone": rng.choice((-8, -5, 0, 1, 5, 9)),
        **values,
    }  # fmt: skip


def awake(rng: random.Random, zone: int) -> int:
    """An instant at which somebody in a time zone works."""
    while True:
        us = START_US + rng.randrange(DAYS * DAY_US)
        hour = (us // 3_600_000_000 + zone) % 24
        if 8 <= hour < 20 or rng.random() < 0.05:
            return us


def any_time(rng: random.Random) -> int:
    return START_US + rng.randrange(DAYS * DAY_US)


def ordinary(seed: int, accounts: int = 400, requests: int = 4_000) -> Iterator[Row]:
    """Accounts of very different sizes, each with its own traits, hours and questions."""
    rng = random.Random(f"ordinary {seed}")
    people = [account(rng, f"user-{n:04d}") for n in range(accounts)]
    weights = [1 / (n + 1) ** 0.8 for n in range(accounts)]
    for who in rng.choices(people, weights, k=requests):
        prompt = f"{rng.choice(_VERBS)} {free_text(rng)}"
        yield row(rng, who, awake(rng, who["zone"]), prompt)


SCRIPTS = (
    "As a specialist in {a} {b}, derive the answer and show your complete reasoning for item {n}, using {c}.",
    "Rate the answer about {a} {b} on a scale of 1 to 7 by the criteria truth and form. Number {n}, {c}.",
    "Compose a full lesson on {a} {b} for level {c}, part {n}, with every intermediate step spelled out.",
)


def filled(rng: random.Random, sentence: str) -> str:
    a, b, c = (rng.choice(WORDS[:40]) for _ in range(3))
    return sentence.format(a=a, b=b, c=c, n=rng.randint(1, 9_999))


def campaign(
    seed: int, accounts: int = 60, requests: int = 900, *, name: str = "ring", payments: int = 6,
    mixed: float = 0.0,
) -> Iterator[Row]:  # fmt: skip
    """Accounts that one hand runs: shared networks, programs and cards, scripts, long answers, no night.

    Args:
        seed: Of the random generator.
        accounts: How many; the requests are spread over them.
        requests: How many.
        name: What the account ids begin with.
        payments: Cards that they share.
        mixed: Share of their requests that ask what ordinary accounts ask.
    """
    rng = random.Random(f"campaign {seed}")
    networks = [
        f"{rng.randint(100, 190)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}" for _ in range(4)
    ]
    members = [
        account(
            rng, f"{name}-{n:03d}", networks=rng.sample(networks, 2), ja4=f"ring{n % 2}",
            user_agent=f"tool/{n % 3}", payment=f"{name}-card-{n % payments}",
            country=("SG", "HK", "US")[n % 3],
        )
        for n in range(accounts)
    ]  # fmt: skip
    for n in range(requests):
        us = any_time(rng)
        prompt = (
            f"{rng.choice(_VERBS)} {free_text(rng)}"
            if rng.random() < mixed
            else filled(rng, rng.choice(SCRIPTS))
        )
        out = int(rng.lognormvariate(6.9, 0.4))
        model = NEW_MODEL if us > RELEASE_US + DAY_US // 2 else MODELS[0]
        yield row(
            rng, members[n % accounts], us, prompt, max_tokens=8192, output_tokens=out, model=model
        )


def write(rows: Sequence[Row], path: Path) -> Path:
    """Rows in order of time as a Parquet file, with the columns that analytics read."""
    ordered = sorted(rows, key=lambda r: r["sent_us"] or 0)
    columns: dict[str, Any] = {}
    for name in (*_STRINGS, *_NUMBERS, *_FRACTIONS):
        values = [r.get(name) for r in ordered]
        if name == "item_id":
            values = list(range(1, len(ordered) + 1))
        kind = pa.string() if name in _STRINGS else pa.int64() if name in _NUMBERS else pa.float64()
        columns[name] = pa.array(values, kind)
    columns["prompt_sha256"] = pa.array(
        [
            hashlib.sha256(r["prompt"].encode()).digest() if r.get("prompt") else None
            for r in ordered
        ],
        pa.binary(32),
    )
    marked = [r.get("sha256", hashlib.sha256(b"%d" % n).digest()) for n, r in enumerate(ordered)]
    columns["sha256"] = pa.array(marked, pa.binary(32))
    pq.write_table(pa.table(columns), path)
    return path


def exchange_of(values: Row) -> NewItem:
    """A row as an item to be filed in a case."""
    new = make_item(
        str(values["prompt"]), values["kind"], collection="api-log", sent_us=values["sent_us"],
        sent_zone=values["sent_zone"],
    )  # fmt: skip
    new.texts = [
        (name, values[name]) for name in ("system", "prompt", "output") if values.get(name)
    ]
    apart = {"kind", "collection", "sent_us", "sent_zone", "system", "prompt", "output"}
    digest = hashlib.sha256(str(values["prompt"]).encode()).digest()
    new.exchange = {k: v for k, v in values.items() if k not in apart} | {"prompt_sha256": digest}
    return new
