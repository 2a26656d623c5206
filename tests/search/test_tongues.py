from __future__ import annotations

import pytest

from casekit.progress import Silent
from casekit.queries import facets
from casekit.queries.facets import Count
from casekit.search import filling, query, tongues
from casekit.search.tongues import is_sure, tongue_of
from casekit.store.case import Case
from tests.queries.test_filters import ids
from tests.search.builders import add


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The contract forbids the use of outputs to train a model that competes.", "en"),
        ("本合同书第八条，禁止使用模型输出训练竞争模型。", "zh"),
        ("请用 GPT-4 回答：what is a contract?", "zh"),
        ("これは契約です。使用を禁止します。", "ja"),
        ("계약서에 따라 모델의 출력을 사용하는 것을 금지합니다", "ko"),
        ("Der Vertrag verbietet die Nutzung der Ausgaben für das Training.", "de"),
        ("Was in dem Vertrag steht, was in der Anlage steht, das gilt so.", "de"),
        ("Dit is het antwoord: in de zomer was het warm en in de winter was het koud.", "nl"),
        ("Is dit in orde of is het in de war? Er was iets in de tas.", "nl"),
        ("Le contrat interdit l'utilisation des sorties pour entraîner un modèle.", "fr"),
        ("Договор запрещает использование результатов модели.", "ru"),
        ("يحظر العقد استخدام مخرجات النموذج لتدريب نموذج منافس", "ar"),
        ("", ""),
        ("ok", ""),
        ("2026-01-01 00:00:00 200 17 0.5", ""),
    ],
)
def test_a_language_is_told_by_script_words_or_model(text: str, expected: str) -> None:
    assert tongue_of(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "sure"),
    [
        ("Export manifest totals nova region para", "ca", False),
        ("El contrato prohíbe el uso", "es", False),
        ("El contrato prohíbe el uso de las respuestas para entrenar un modelo.", "es", True),
        ("Der Vertrag verbietet die Nutzung der Ausgaben für das Training.", "de", True),
        ("请用 GPT-4 回答：what is a contract?", "zh", True),
        ("يحظر العقد استخدام مخرجات", "ar", True),
        ("What you would ask of them: contrato, uso, nova, para.", "en", True),
        ("ok", "", False),
    ],
)
def test_a_guess_at_few_words_is_not_sure(text: str, code: str, sure: bool) -> None:
    assert (tongue_of(text), is_sure(text)) == (code, sure)


def test_a_quoted_foreign_word_does_not_change_it() -> None:
    assert (
        tongue_of("The word 合同书 in the heading of this letter is to be read as a contract.")
        == "en"
    )


def test_the_facet_is_what_the_source_states_or_the_text_is_in(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tongues, "BATCH_ITEMS", 2)
    german = "Der Vertrag verbietet die Nutzung der Ausgaben für das Training."
    english = "Please tell me what the contract has to say on that."
    with case.write() as s:
        add(s, texts={"body": german}, language="en")
        add(s, texts={"prompt": english, "output": german})
        add(s, texts={"system": english})
        add(s, texts={"body": english})
    node = query(case, "language:en")
    assert ids(case, node) == [1]  # nothing indexed: what the sources state
    filling.index_pending(case, Silent())
    assert tongues.index_pending(case, Silent()) == 4
    assert tongues.index_pending(case, Silent()) == 0
    assert ids(case, node) == [1, 4]
    with case.read() as s:
        assert facets.languages(s) == [Count("en", 2), Count("de", 1)]
        assert facets.language_of(s, [1, 2, 3]) == {1: "en", 2: "de"}
