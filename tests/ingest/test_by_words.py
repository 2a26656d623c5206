"""The charset of European text by its words."""

from __future__ import annotations

import pytest

from casekit.ingest.by_words import charset_by_words
from casekit.ingest.charsets import decode_text

WESTERN = {
    "a pound sign": "The price is £600 for the whole set of answers, payable before the end of March.",
    "an ellipsis": "This email contains an email… and the other one is about the weights!",
    "bullets": "• first of the points that we spoke about\n• second of them, and the last",
    "a trademark": "Trademark™ and copyright © notices are at the foot of each page of the file.",
    "French": "Le modèle a été copié : vous l’avez écrit à Zoë dans une lettre pour les élèves.",
    "German": "Die Größe ist nicht schön, und für 500 € je Monat wird sie auch nicht übernommen.",
    "Portuguese": "Não há informação sobre as ações; é possível que os dados do modelo sejam como você diz.",
    "Italian": "Perché il modello è stato copiato? La città non può più pagare per la qualità.",
    "Swedish": "Modellen har kopierats från vår tjänst och det är inte tillåtet, skrev Åsa till mig.",
    "Danish": "Modellen er kopieret, og det er ikke tilladt at gøre det på denne måde, skrev Søren.",
    "Finnish": "Malli on kopioitu ja se ei ole sallittua, kun emme ole antaneet lupaa, hän kirjoitti tänään.",
    "Spanish": "¿Cuándo llegará la señora? El año pasado se copió con los datos para el modelo.",
}
OTHERS = (
    (
        "cp1250",
        "Model je bil kopiran iz naše storitve, kar ni dovoljeno in je včeraj napisal direktor.",
    ),
    (
        "cp1250",
        "Příliš dlouhý dopis: model byl zkopírován z naší služby, jako se píše ve smlouvě, ale ne po lhůtě.",
    ),
    (
        "iso8859-2",
        "Model został skopiowany z naszej usługi, co nie jest dozwolone, jak napisał dyrektor do nas we środę.",
    ),
    (
        "cp1250",
        "A modellt lemásolták, ami nem megengedett, és ezt egy hűvös őszi napon meg is írta.",
    ),
    ("cp1254", "Model hizmetimizden kopyalandı ve buna izin verilmiyor, diye yazdı bir gün müdür."),
    (
        "cp1257",
        "Modelis tika nokopēts no mūsu pakalpojuma, kas nav atļauts, un vakar to rakstīja direktors.",
    ),
    ("mac_roman", "Der Preis für die Übersetzung ist nicht schön, und die Größe auch nicht."),
    ("cp850", "Der Preis für die Übersetzung ist nicht schön, und die Größe auch nicht."),
)
ELSEWHERE = (
    ("cp1251", "The list of files is for you. Спасибо, жду ответа."),
    (
        "gb18030",
        "The list of files is for you, and the model card is attached. 谢谢，等待您的答复。",
    ),
    (
        "shift_jis",
        "The list of files is for you, and the model card is attached. よろしくお願いします。",
    ),
    ("cp1253", "Το μοντέλο αντιγράφηκε από την υπηρεσία μας."),
    ("cp1255", "המודל הועתק מהשירות שלנו."),
)


@pytest.mark.parametrize("text", WESTERN.values(), ids=WESTERN.keys())
def test_western_text_is_cp1252(text: str) -> None:
    assert charset_by_words(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize(
    ("charset", "text"), OTHERS, ids=[f"{one}-{no}" for no, (one, _) in enumerate(OTHERS)]
)
def test_other_languages_are_told_by_their_letters(charset: str, text: str) -> None:
    told = decode_text(text.encode(charset))

    assert (told.text, told.how) == (text, "guess")
    assert charset_by_words(text.encode(charset)) == charset


@pytest.mark.parametrize(("charset", "text"), ELSEWHERE, ids=[one for one, _ in ELSEWHERE])
def test_other_scripts_are_left_to_statistics(charset: str, text: str) -> None:
    assert charset_by_words(text.encode(charset)) == ""


def test_a_sum_of_money_needs_no_words() -> None:
    assert charset_by_words(b"Total: \xa3600 \x96 paid") == "cp1252"


@pytest.mark.parametrize(
    "raw",
    [
        b"s\xb3owo, mia\xb3",  # Polish: a figure raised within a word
        b"don\xd5t",  # of a Macintosh: a capital inside a word
        b"caf\x82 noir",  # of DOS: a low quotation mark behind a letter
        b"\x80\x81\x82\x83",  # a byte that cp1252 has not
        b"\xa3\xa3\xa3\xa3\xa3 a",  # more marks than text
    ],
)
def test_what_stands_astray_is_no_western_text(raw: bytes) -> None:
    assert charset_by_words(raw) == ""


def test_a_name_that_is_none_of_the_language_leaves_the_rest_to_statistics() -> None:
    assert charset_by_words("The list is by Дмитрий and it is for you".encode("cp1251")) == ""


def test_a_unit_of_area_is_in_place() -> None:
    assert charset_by_words("The room is 20 m² and the price is £5".encode("cp1252")) == "cp1252"
