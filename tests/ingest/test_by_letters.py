from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.by_letters import charset_by_letters, charset_by_shifts
from casekit.ingest.charsets import decode_text

TEXTS = (
    "Привет всем, это письмо о новой модели.\nМы просим все ответы.\n",
    "Уважаемый Иван Петрович, договор № 5 от 3 мая подписан.",
    "Доброго дня, надсилаємо відповіді моделі та журнал запитів за травень.",
    "Добър ден, изпращаме ви отговорите на модела за сравнение.",
    "СРОЧНО: ПРЕКРАТИТЕ ДОСТУП К МОДЕЛИ",
)
OTHERS = (
    ("こんにちは、これは新しいモデルについての手紙です。\n", "shift_jis"),
    ("こんにちは、これは新しいモデルについての手紙です。\n", "euc_jp"),
    ("安女士：模型的回答与我们的完全一样，请尽快核查并回复。", "gb18030"),
    ("安女士：模型的回答與我們的完全一樣，請盡快核查並回覆。", "big5"),
    ("안녕하세요, 이것은 새 모델에 대한 편지입니다.\n", "cp949"),
    ("Καλημέρα σε όλους, αυτό είναι ένα γράμμα για το νέο μοντέλο.\n", "cp1253"),
    ("שלום לכולם, זהו מכתב בעברית על המודל החדש שלנו.\n", "cp1255"),
    ("אנחנו מבקשים לקבל את כל התשובות של המערכת ואת היומן המלא שלה.", "cp1255"),
    ("יש להפסיק מיד את השימוש בתשובות", "cp1255"),
    ("مرحبا بالجميع، هذه رسالة عن النموذج الجديد.\nنطلب كل الإجابات من فضلكم.\n", "cp1256"),
    ("สวัสดีทุกคน นี่คือจดหมายเกี่ยวกับโมเดลใหม่\n", "cp874"),
    ("Cześć, to jest list o nowym modelu. Prosimy o wszystkie odpowiedzi, żółć gęś.\n", "cp1250"),
)


@pytest.mark.parametrize("charset", ["cp1251", "koi8_u", "cp866", "iso8859_5"])
@pytest.mark.parametrize("text", TEXTS)
def test_cyrillic_is_told_by_its_letters(text: str, charset: str) -> None:
    if text.isupper() and charset.startswith("koi8"):
        assert charset_by_letters(text.encode(charset)) == ""  # it may as well be Hebrew
        return
    try:
        data = text.encode(charset)
    except UnicodeEncodeError:
        pytest.skip("the charset lacks a letter of it")
    found = decode_text(data)
    assert found.text == text
    assert found.how == "guess"


@pytest.mark.parametrize(("text", "charset"), OTHERS)
def test_other_writing_is_left_to_others(text: str, charset: str) -> None:
    assert charset_by_letters(text.encode(charset)) == ""


def test_bytes_that_are_no_text_are_none() -> None:
    drawn = random.Random(1)
    assert [charset_by_letters(drawn.randbytes(400)) for _ in range(200)] == [""] * 200
    assert charset_by_letters(b"\xcf\xf0\xe8") == ""
    assert charset_by_letters(b"") == ""


@pytest.mark.parametrize(
    ("charset", "told", "text"),
    [
        ("iso2022_jp", "iso2022_jp_ext", "こんにちは、Ann さん。\n"),
        ("iso2022_kr", "iso2022_kr", "안녕하세요, Ann.\n"),
    ],
)
def test_text_in_seven_bits_is_told_by_its_shifts(charset: str, told: str, text: str) -> None:
    data = text.encode(charset)
    assert charset_by_shifts(data) == told
    found = decode_text(data)
    assert (found.text, found.how) == (text, "pattern")


@pytest.mark.parametrize(
    "data", [b"\x1b[31mred\x1b[0m", b"\x1b$B\xff", b"\x1b$)C\x0e\xff", b"plain", b"\x1b(B only"]
)
def test_other_escapes_are_no_shifts(data: bytes) -> None:
    assert charset_by_shifts(data) == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_told_or_not(data: bytes) -> None:
    charset_by_letters(data)
    charset_by_shifts(data)
