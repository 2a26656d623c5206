"""The API log of the sample matter: ordinary accounts, one class, one coordinated campaign."""

import csv
import datetime as dt
import gzip
import io
import math
import random
from dataclasses import dataclass
from typing import Any

from sample_outputs import UTC, Prompt, compact, digest

REQUESTS = 4000
ORDINARY, CLASS, CAMPAIGN = 114, 6, 14
SHARE, CLASS_SHARE = 0.135, 0.03
DAYS = 42
START = dt.datetime(2025, 12, 15, tzinfo=UTC).timestamp()
RELEASE = dt.datetime(2026, 1, 8, 18, tzinfo=UTC).timestamp()
NETWORKS = ("198.18.7", "198.18.8", "198.18.9", "198.18.31")
AGENTS = ("OpenAI/Python 1.99.1", "axios/1.7.2", "python-requests/2.32.3", "node-fetch/3.3.2")
TRUNCATED, REPEATED = 1207, 2961  # line numbers of the two blemishes


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the gateway; kind is ordinary, class or campaign."""

    kind: str
    account: str
    zone: int
    ips: tuple[str, ...]
    asn: int
    country: str
    agent: str
    ja4: str
    payment: str
    system: str


def make_accounts(traffic: dict[str, Any]) -> list[Account]:
    """Return all accounts, those of the class and of the campaign last."""
    accounts = []
    for i in range(ORDINARY + CLASS + CAMPAIGN):
        r = random.Random(f"account {i}")
        kind = "ordinary" if i < ORDINARY else "class" if i < ORDINARY + CLASS else "campaign"
        ips = [f"{r.choice(['192.0.2', '203.0.113'])}.{r.randint(1, 254)}" for _ in range(2)]
        agent, ja4 = r.choice(AGENTS), f"t13d{r.randint(10, 19)}12h2_{r.getrandbits(48):012x}"
        zone, country = r.choice(
            [(-8, "US"), (-5, "US"), (0, "GB"), (1, "DE"), (1, "FR"), (8, "SG")]
        )
        payment, asn = f"pm_{r.getrandbits(40):010x}", 64512 + r.randint(0, 40)
        system = r.choice(traffic["systems"])
        if kind == "class":
            ips, zone, country, payment, asn = ["198.51.100.20"], -5, "US", "pm_3f0c92a7d1", 64499
        if kind == "campaign":
            ips = [f"{r.choice(NETWORKS)}.{r.randint(1, 254)}" for _ in range(3)]
            asn, country = 65001 + i % 2, r.choice(["SG", "US", "HK"])
            agent, ja4 = "python-requests/2.31.0", "t13d1715h2_5b57614c22b0"
            payment, system = f"pm_{digest(f'card {i % 5}', 5)}", "You are a helpful assistant."
        accounts.append(
            Account(
                kind, f"acct_{digest(f'account {i}', 4)}", zone, tuple(ips), asn, country,
                agent, ja4, payment, system,
            )
        )  # fmt: skip
    return accounts


def schedule(accounts: list[Account], prompts: list[Prompt]) -> list[tuple[float, Account, str]]:
    """Return (time, account, name of the model-output prompt or "") of all requests, by time."""
    rng = random.Random("schedule")
    by_kind = {k: [a for a in accounts if a.kind == k] for k in ("ordinary", "class", "campaign")}
    weights = [1 / (i + 3) ** 0.7 for i in range(ORDINARY)]
    requests: list[tuple[float, Account, str]] = []
    for p in prompts:
        if "logged" in p.marks:
            at = RELEASE + (1 + rng.random() * 15) * 86400
            requests.append((at, rng.choice(by_kind["campaign"]), p.name))
    while len(requests) < REQUESTS:
        draw = rng.random()
        if draw < SHARE:
            at = START + rng.randrange(DAYS * 48) * 1800 + rng.random() * 300
            requests.append((at, rng.choice(by_kind["campaign"]), ""))
            continue
        in_class = draw < SHARE + CLASS_SHARE
        account = rng.choice(by_kind["class"])
        if not in_class:
            account = rng.choices(by_kind["ordinary"], weights)[0]
        requests.append((waking_time(rng, account), account, ""))
    return sorted(requests, key=lambda request: request[0])


def waking_time(rng: random.Random, account: Account) -> float:
    """Return a time at which somebody in the account's time zone is likely to be awake."""
    while True:
        at = rng.random() * DAYS * 86400
        hour = (at / 3600 + account.zone) % 24
        night = 0.0 if account.kind == "class" else 0.06
        if rng.random() < night + 0.94 * math.exp(-(((hour - 14) / 4.0) ** 2)):
            return START + at


def compose(r: random.Random, traffic: dict[str, Any], campaign: bool) -> tuple[str, str]:
    """Return a prompt and an answer in readable sentences."""
    if campaign:
        scene = traffic["campaign"]
        slots = {k: r.choice(scene[k]) for k in ("topic", "reader")} | {"n": r.randint(100, 99999)}
        chosen = sorted(r.sample(range(len(scene["steps"])), r.randint(5, 8)))
        steps = [scene["steps"][i] for i in chosen]
        body = "\n".join(f"Step {i}. {step}" for i, step in enumerate(steps, 1))
        answer = f"{r.choice(scene['open'])}\n{body}\n{r.choice(scene['close'])}"
        return r.choice(scene["templates"]).format(**slots), answer.format(**slots)
    scene = r.choice(traffic["scenes"])
    slots = {k: r.choice(v) for k, v in traffic["slots"].items()}
    parts = [r.choice(scene["open"]), *r.sample(scene["body"], r.randint(2, 5))]
    answer = " ".join([*parts, r.choice(scene["close"])]).format(**slots)
    return r.choice(scene["prompts"]).format(**slots), answer


def pick_model(r: random.Random, at: float, campaign: bool) -> str:
    """Return the model asked: the campaign moves to aurora-4 within a day, others over weeks."""
    if campaign:
        return "aurora-4" if at > RELEASE + 86400 * r.random() else "aurora-3"
    if at > RELEASE and r.random() < min(0.8, (at - RELEASE) / 86400 / 20):
        return "aurora-4"
    return r.choice(["aurora-3", "aurora-3", "aurora-3-mini"])


def log_record(
    number: int, at: float, a: Account, known: Prompt | None, traffic: dict[str, Any]
) -> dict[str, Any]:
    """Return one request as the gateway writes it."""
    r = random.Random(f"request {number}")
    campaign = a.kind == "campaign"
    prompt, body = compose(r, traffic, campaign)
    model = pick_model(r, at, campaign)
    refused = known is None and r.random() < (0.03 if campaign else 0.01)
    status = 200 if known or r.random() > 0.015 else 429
    if known:
        prompt, body, model = known.text, known.answers["aurora-4"], "aurora-4"
    if refused:
        body = "I can't help with that."
    limit = 8192 if campaign else r.choice([256, 512, 1024, 1024, 4096])
    out = min(limit, len(body) // 4 + 1)
    when = dt.datetime.fromtimestamp(at, UTC)
    messages = [{"role": "system", "content": a.system}, {"role": "user", "content": prompt}]
    return {
        "ts": when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z",
        "request_id": "req_" + digest(f"request {number}", 9),
        "account_id": a.account,
        "api_key_id": f"key_{a.account[5:]}_{r.randint(0, 2)}",
        "payment_id": a.payment,
        "ip": r.choice(a.ips),
        "asn": a.asn,
        "country": a.country,
        "user_agent": a.agent,
        "ja4": a.ja4,
        "endpoint": "/v1/messages",
        "model": model,
        "status": status,
        "latency_ms": int(200 + out * r.uniform(8, 20)),
        "request": {
            "max_tokens": limit,
            "temperature": 1.0 if campaign else r.choice([0, 0.2, 0.7, 1.0]),
            "messages": messages,
        },
        "response": {
            "id": f"msg_{r.getrandbits(60):015x}",
            "stop_reason": "refusal" if refused else "end_turn",
            "content": [{"type": "text", "text": body}],
        },
        "usage": {
            "input_tokens": len(prompt) // 4 + 12,
            "output_tokens": out,
            "cache_read_input_tokens": 0,
        },
    }


def api_log(prompts: list[Prompt], accounts: list[Account], traffic: dict[str, Any]) -> bytes:
    """Return the gateway log, with one line broken off and one with a repeated key."""
    by_name = {p.name: p for p in prompts}
    lines = []
    for number, (at, account, name) in enumerate(schedule(accounts, prompts), 1):
        line = compact(log_record(number, at, account, by_name.get(name), traffic))
        if number == TRUNCATED:
            line = line[: len(line) * 3 // 5]
        if number == REPEATED:
            line = line.replace('"status":200', '"status":200,"status":429')
        lines.append(line + "\n")
    return gzip.compress("".join(lines).encode(), 9, mtime=0)


def account_list(accounts: list[Account]) -> bytes:
    """Return the CSV that the platform team sent: class and campaign accounts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["account_id", "payment_id", "networks", "remark"])
    for a in accounts[ORDINARY:]:
        networks = " ".join(sorted({ip.rsplit(".", 1)[0] + ".0/24" for ip in a.ips}))
        remark = "probably a class" if a.kind == "class" else "round the clock"
        writer.writerow([a.account, a.payment, networks, remark])
    return out.getvalue().encode()
