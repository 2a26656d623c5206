from __future__ import annotations

from pathlib import Path

import pytest

from casekit.analysis import again, identity
from casekit.analysis.identity import Claims, interval, template
from casekit.errors import CaseKitError
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.builders import file_items, make_exchange

SAID = (
    ("openai", "en", "As a large language model trained by OpenAI, I cannot."),
    ("openai", "en", "Hello! I'm ChatGPT, an assistant."),
    ("anthropic", "en", "I am an AI assistant created by Anthropic to be helpful."),
    ("zhipu", "zh", "我是由智谱AI开发的人工智能助手。"),
    ("openai", "zh", "我是一个由OpenAI训练的大型语言模型。"),
    ("openai", "de", "Ich bin ein großes Sprachmodell, trainiert von OpenAI."),
    ("google", "fr", "Je suis un grand modèle de langage développé par Google."),
    ("openai", "es", "Soy un modelo de lenguaje creado por OpenAI."),
    ("openai", "pt", "Eu sou um modelo de linguagem treinado pela OpenAI."),
    ("openai", "it", "Sono un modello linguistico sviluppato da OpenAI."),
    ("openai", "nl", "Ik ben een taalmodel ontwikkeld door OpenAI."),
    ("openai", "pl", "Jestem modelem językowym stworzonym przez OpenAI."),
    ("openai", "ru", "Я — большая языковая модель, обученная OpenAI."),
    ("openai", "uk", "Я — велика мовна модель, створена OpenAI."),
    ("openai", "tr", "Ben OpenAI tarafından geliştirilen bir dil modeliyim."),
    ("openai", "vi", "Tôi là một mô hình ngôn ngữ lớn được huấn luyện bởi OpenAI."),
    ("openai", "id", "Saya adalah model bahasa besar yang dilatih oleh OpenAI."),
    ("openai", "ja", "私はOpenAIによって開発されたAIアシスタントです。"),
    ("openai", "ko", "저는 OpenAI에서 개발한 언어 모델입니다."),
    ("openai", "ar", "أنا نموذج لغوي كبير تم تدريبي بواسطة OpenAI."),
    ("openai", "hi", "मैं OpenAI द्वारा विकसित एक भाषा मॉडल हूँ।"),
)
NOT_SAID = (
    "I am not ChatGPT.",
    "I am familiar with OpenAI and its products.",
    "Companies such as OpenAI and Google publish models.",
    "As OpenAI said in its letter, the terms changed.",
    "I am Claude Monet, and I paint lilies.",
    "I'm a llama farmer.",
    "Unlike ChatGPT, I was trained elsewhere.",
    "我不是OpenAI的模型。",
    "作为阿里巴巴的员工，他说",
    "Als Google-Mitarbeiter weiß ich das.",
    "I am a GPT-style transformer enthusiast.",
    "In Hawaii am ChatGPT users rare.",  # a lead begins at a word
)


@pytest.mark.parametrize(("lab", "language", "text"), SAID)
def test_a_claim_is_found_in_many_languages(lab: str, language: str, text: str) -> None:
    (claim,) = Claims(lab).claims(text)
    assert (claim.lab, claim.language) == (lab, language)
    assert text[claim.start : claim.end] in text


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_only_mentions_a_name_is_no_claim(text: str) -> None:
    assert Claims("openai").claims(text) == []


def test_a_lab_of_ones_own_needs_names() -> None:
    with pytest.raises(CaseKitError, match="No lab “aurora” is known"):
        Claims("aurora")
    (claim,) = Claims("aurora", ["Aurora-4"]).claims("My name is Aurora-4.")
    assert claim.lab == "aurora"
    assert Claims("aurora", ["A.I+"]).claims("I am A.I+") != []  # a name is no pattern


def test_the_interval_draws_templates_not_answers() -> None:
    one_template = [[True] * 10 + [False] * 10]
    many = [[True], [False]] * 10
    assert interval(one_template, 1) == (0.5, 0.5)
    low, high = interval(many, 1)
    assert 0.2 < low < 0.5 < high < 0.8
    assert interval([[False]] * 59, 1) == (0.0, pytest.approx(0.0495, abs=1e-3))
    assert interval([[True]] * 59, 1)[1] == 1.0
    assert template("Tell me 3 jokes about tax law today please") == template(
        "Tell me 15 jokes about tax law, now"
    )


def fill(case: Case, folder: Path, *, answers: int = 60) -> None:
    heads = []
    for n in range(answers):
        prompt = f"Question {n} of topic {chr(97 + n % 26)}{n}: why?"
        said = "I am a model made by OpenAI." if n % 6 == 0 else "Because."
        heads += [
            make_exchange(prompt, said, "subject-7b"),
            make_exchange(prompt, "Because.", "c-1"),
        ]
    heads.append(make_exchange("Are you ChatGPT?", "Yes, I am ChatGPT.", "subject-7b"))
    heads.append(make_exchange("Are you ChatGPT?", "No.", "c-1"))
    file_items(case, heads, folder)


def test_rates_are_split_by_what_the_prompt_said(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    with case.read() as s:
        body = identity.compare(s, subject="subject-7b", lab="openai", controls=["c-1"])
        row = FindingRow(1, "identity", "Identity", 0, body)
        assert again.differences(body, again.compute(s, row)) == []
    result = body["result"]
    assert (result["answers"], result["hits"], result["named_answers"], result["named_hits"]) == (
        60,
        10,
        1,
        1,
    )
    assert (result["p"], result["controls_at_least_as_high"]) == (0.5, 0)
    assert [c["hits"] for c in body["controls"]] == [0]
    assert len(body["claims"]) == 11
    assert body["claims"][0]["claim"] == "I am a model made by OpenAI"
    assert "in 10 of 60 answers" in body["sentence"]


def test_what_cannot_be_counted_is_refused(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, answers=20)
    with case.read() as s:
        for asked, said in (
            ({"controls": []}, "at least one control"),
            ({"controls": ["subject-7b"]}, "cannot be two"),
            ({"subject": "nobody", "controls": ["c-1"]}, "no answers of a model"),
            ({"controls": ["c-1"]}, "Only 20 answers"),
        ):
            with pytest.raises(CaseKitError, match=said):
                identity.compare(s, **{"subject": "subject-7b", "lab": "openai", **asked})  # type: ignore[arg-type]
