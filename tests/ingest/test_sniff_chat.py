from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify


def told(text: str, name: str = "a.txt") -> str:
    data = text.encode()
    return identify(data, len(data), name).id


@pytest.mark.parametrize(
    "text",
    [
        "31/12/22, 11:40 - Ann: a\n",
        "31/12/22, 11:39 - Encrypted.\n31/12/22, 11:40 - Ann: a, b\nmore\n",
        "\u200e[12/31/22, 11:40:26\u202fPM] Ann: \u200eimage omitted\n[12/31/22, 11:41:26\u202fPM] Bob: a\n",
        "[2019-12-24, 12:23] Jane Doe: Hello John!\n",
        "2022. 12. 31. 오후 8:49 - 이: 안녕\n",
        "2023-08-01 12:34:56 小李\n你好\n\n2023-08-01 12:35:00 Ann\n嗯\n\n",
    ],
)
def test_chats_are_known_by_their_lines(text: str) -> None:
    assert told(text) == "chat-text"
    assert told(text, "a.csv") == "chat-text"


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01 12:00:00 - root - INFO - starting: now\n" * 5,
        "[2024-01-01 12:00:00] production.ERROR: it broke {}\n" * 5,
        "[2024-01-01 12:00:00] error: it broke\n" * 5,
        "2024-01-01 12:00:00 start\n2024-01-01 12:00:01 stop\n",
        "Dear Ann,\non 31/12/22, 11:40 - you said: no.\n",
        "31/12/22, 11:40 - nobody speaks\n31/12/22, 11:41 - nobody\n",
        "",
    ],
)
def test_logs_and_letters_are_no_chats(text: str) -> None:
    assert told(text) != "chat-text"


def test_a_table_of_calls_whose_rows_begin_with_a_time_is_no_chat() -> None:
    """The bodies in its fields hold colons, as what somebody says does."""
    asked = '{{""model"": ""m"", ""messages"": [{{""role"": ""user"", ""content"": ""Q""}}]}}'
    row = f'2025-01-01T00:00:0{{}},"{asked}"\r\n'
    table = ("timestamp,request\r\n" + "".join(row.format(n) for n in range(3))).encode()
    assert [identify(table, len(table), name).id for name in ("", "calls.csv")] == ["csv", "csv"]
    plain = b'created_at,prompt\n2025-01-01 10:00:00,"x: y"\n2025-01-01 10:00:01,"x: z"\n'
    assert identify(plain, len(plain), "calls.csv").id == "csv"
    said = "".join(f"12/01/24, 10:0{n} - Ann: hi\n" for n in range(3))
    chat = f"Chat with Ann, Bob\n{said}".encode()
    assert identify(chat, len(chat), "chat.txt").id == "chat-text"
