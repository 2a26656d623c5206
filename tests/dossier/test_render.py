import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image

from casekit.dossier import render as rendering
from casekit.dossier.flow import PAPERS
from casekit.dossier.plan import plan
from casekit.dossier.render import masked, render
from casekit.dossier.sheet import DossierPlan, Grid, Pages, Prose, decode
from casekit.dossier.spec import DossierSpec
from casekit.dossier.spelling import needs_spelling, spelt
from casekit.dossier.wording import wording
from casekit.errors import Cancelled, CaseKitError
from casekit.ops import productions
from casekit.store.case import Case
from tests import verapdf
from tests.dossier.builders import (
    ANSWER,
    PROMPT,
    Builder,
    answer,
    document,
    image,
    log_record,
    message,
    new_item,
    pdf,
)
from tests.dossier.conftest import Matter
from tests.dossier.pdf_text import bare, body_text, glyphs_of

FRAME = PAPERS["letter"].frame
NO_FONT_HAS = "\U00020bb7﷽"


def as_shown(text: str) -> str:
    """A text as it must come back from the page: unseen characters spelt, joiners of emoji gone."""
    kept = text.replace("\r\n", "\n").replace("\t", " ")
    return bare("".join(spelt(c) if needs_spelling(c) or c in NO_FONT_HAS else c for c in kept))


def page_text(path: Path, number: int) -> str:
    return bare("".join(g.character for g in glyphs_of(path)[number - 1]))


def test_the_text_of_every_exhibit_is_in_the_pdf(dossier: Matter) -> None:
    found = body_text(dossier.rendered.path, FRAME)
    texts = [b.text for c in dossier.plan.exhibits for b in c.blocks if isinstance(b, Prose)]
    texts += [
        p.text
        for c in dossier.plan.exhibits
        for b in c.blocks
        if isinstance(b, Pages)
        for p in b.pages
    ]
    assert len(texts) > 10
    for text in texts:
        assert as_shown(text) in found


def test_every_header_field_and_fact_is_in_the_pdf(dossier: Matter) -> None:
    found = body_text(dossier.rendered.path, FRAME)
    for chapter in dossier.plan.exhibits:
        for block in chapter.blocks:
            if isinstance(block, Grid) and "HEADER" in block.heading:
                assert all(as_shown(name) in found for name, _ in block.rows)
    assert "1de319c276884bd0c9e2f1621ada26cc" in found
    assert bare("DIFFERS") not in found


def test_withheld_text_is_nowhere_in_the_file(dossier: Matter) -> None:
    with pikepdf.open(dossier.rendered.path) as pdf_file:
        streams = [
            o.read_bytes()
            for o in pdf_file.objects
            if isinstance(o, pikepdf.Stream) and "/Width" not in o
        ]
    assert not [s for s in streams if b"SECRETSUBJECT" in s]
    assert "SECRETSUBJECT" not in body_text(dossier.rendered.path, FRAME)
    assert "SECRETSUBJECT" not in dossier.rendered.manifest.read_text("utf-8")


def test_every_link_leads_to_its_exhibit(dossier: Matter) -> None:
    manifest = json.loads(dossier.rendered.manifest.read_text("utf-8"))
    begins = {f"EX-{c['label']}": c["page"] for c in manifest["exhibits"] + manifest["findings"]}
    links = 0
    with pikepdf.open(dossier.rendered.path) as pdf_file:
        names = pdf_file.Root.Names.Dests.Names
        dests = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
        assert list(dests) == sorted(dests)
        number = {page.obj.objgen: n for n, page in enumerate(pdf_file.pages, 1)}
        for page in pdf_file.pages:
            for note in page.obj.get("/Annots", []):
                links += 1
                dest = str(note.Dest)
                lands = number[dests[dest][0].objgen]
                if dest in begins:
                    assert lands == begins[dest]
                    assert bare(dest.removeprefix("EX-")) in page_text(dossier.rendered.path, lands)
        with pdf_file.open_outline() as outline:
            titles = [str(o.title) for o in outline.root]
    assert links == len(begins) + 3 + 2
    assert titles == [
        "Cover", "How to read and verify this dossier", "Index of exhibits", "Exhibits",
        "Findings and similarity exhibits", "Chain of custody", "Extract of the hash manifest",
    ]  # fmt: skip


def links_of(path: Path) -> list[tuple[str, int]]:
    """(destination, page it leads to) of every link."""
    found = []
    with pikepdf.open(path) as pdf_file:
        names = pdf_file.Root.Names.Dests.Names
        dests = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
        number = {page.obj.objgen: n for n, page in enumerate(pdf_file.pages, 1)}
        for page in pdf_file.pages:
            for note in page.obj.get("/Annots", []):
                found.append((str(note.Dest), number[dests[str(note.Dest)][0].objgen]))
    return found


@pytest.mark.slow
def test_every_link_of_fifty_exhibits_leads_to_its_exhibit(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    makers = (
        lambda n: answer(f"{PROMPT} {n}", ANSWER * 4, "Meridian-R1"), log_record,
        lambda n: message(pdf(2, f"terms {n}.pdf"), subject=f"Letter {n}"),
        lambda n: pdf(3, f"contract {n}.pdf"), lambda n: image(f"shot {n}.png"),
    )  # fmt: skip
    for n in range(50):
        built.exhibit(built.add(f"{n}.bin", makers[n % 5](n))[0], f"A-{n + 1}")
    with case.read() as s:
        made = render(plan(s), built.originals, tmp_path / "fifty.pdf")
    manifest = json.loads(made.manifest.read_text("utf-8"))
    begins = {f"EX-{c['label']}": c["page"] for c in manifest["exhibits"]}
    found = [link for link in links_of(made.path) if link[0].startswith("EX-")]
    assert found == list(begins.items())
    pages = glyphs_of(made.path)
    for label, page in begins.items():
        stamped = bare("".join(g.character for g in pages[page - 1]))
        assert bare(f"Exhibit {label.removeprefix('EX-')}") in stamped


def test_every_font_is_embedded(dossier: Matter) -> None:
    with pikepdf.open(dossier.rendered.path) as pdf_file:
        fonts = [
            o
            for o in pdf_file.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
        ]
        assert len(fonts) > 5
        assert [
            str(f.BaseFont)
            for f in fonts
            if "/FontDescriptor" not in f or "/FontFile2" not in f.FontDescriptor
        ] == []


def test_the_file_says_what_it_is(dossier: Matter) -> None:
    with pikepdf.open(dossier.rendered.path) as pdf_file:
        assert pdf_file.check_pdf_syntax() == []
        assert str(pdf_file.Root.Lang) == "en"
        assert bool(pdf_file.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf_file.docinfo.Title) == "Dossier of exhibits"
        assert "/PageLabels" in pdf_file.Root
        assert {"/JavaScript", "/AcroForm", "/OpenAction", "/AA"} & set(
            pdf_file.Root.keys()
        ) == set()


def test_a_draft_says_so_on_every_page_and_an_issued_one_nowhere(
    dossier: Matter, tmp_path: Path
) -> None:
    assert all(
        "DRAFT" in bare("".join(g.character for g in page))
        for page in glyphs_of(dossier.rendered.path)
    )
    with dossier.case.read() as s:
        issued = plan(s, for_issue=True)
    made = render(issued, dossier.built.originals, tmp_path / "issued.pdf")
    pages = glyphs_of(made.path)
    assert not [p for p in pages if "DRAFT" in "".join(g.character for g in p)]
    assert "AUR-0000001" in page_text(made.path, 4)


def test_two_drafts_are_the_same_bytes_and_so_is_an_issued_plan_read_back(
    dossier: Matter, tmp_path: Path
) -> None:
    with dossier.case.read() as s:
        again, issued = plan(s), plan(s, for_issue=True)
    originals = dossier.built.originals
    second = render(again, originals, tmp_path / "draft.pdf")
    assert second.path.read_bytes() == dossier.rendered.path.read_bytes()
    assert second.manifest.read_bytes() == dossier.rendered.manifest.read_bytes()
    one = render(issued, originals, tmp_path / "one.pdf")
    two = render(decode(issued.encoded()), originals, tmp_path / "two.pdf")
    assert one.sha256 == two.sha256 == hashlib.sha256(two.path.read_bytes()).hexdigest()


def test_an_issued_number_stands_at_the_foot_of_its_pages(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    mail = built.add("m.mbox", message(pdf(2)))[0]
    built.exhibit(mail, "C-1")
    with case.read() as s:
        decided = plan(s, DossierSpec(sections=("exhibits",)), for_issue=True)
    made = render(decided, built.originals, tmp_path / "out.pdf")
    with case.write() as s:
        productions.issue(s, decided, made)
    feet = [bare("".join(g.character for g in page if g.top < 56)) for page in glyphs_of(made.path)]
    assert "AUR-0000001" in feet[0]
    assert "AUR-0000002" in feet[-2]
    assert "AUR-0000003" in feet[-1]


def test_nothing_is_left_of_a_dossier_that_was_cancelled(dossier: Matter, tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, total: int | None, text: str) -> None:
            if text == "drawing page 3":
                raise Cancelled

    with pytest.raises(Cancelled):
        render(dossier.plan, dossier.built.originals, tmp_path / "out.pdf", Stop())
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_is_not_the_one_received_is_refused(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    item = built.add("log.jsonl", log_record(1), log_record(2))[0]
    built.exhibit(item, "B-1")
    built.originals.bytes[item] += b" "
    with case.read() as s:
        decided = plan(s)
    with pytest.raises(CaseKitError, match="Exhibit B-1"):
        render(decided, built.originals, tmp_path / "out.pdf")


def test_a_page_that_cannot_be_drawn_is_said_and_the_rest_is_there(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    item = built.add("terms.pdf", pdf(2))[0]
    built.exhibit(item, "D-1")
    built.originals.broken.add(item)
    with case.read() as s:
        made = render(plan(s), built.originals, tmp_path / "out.pdf")
    assert len(made.problems) == 2
    assert bare("could not be drawn: The file is damaged.") in body_text(made.path, FRAME)


def test_a_folder_that_cannot_be_written_is_a_refusal(dossier: Matter, tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="cannot be written"):
        render(dossier.plan, dossier.built.originals, tmp_path / "none" / "out.pdf")


def test_a_key_is_masked_but_for_its_last_four_characters() -> None:
    text = '{"key":"sk-proj-7Fq2Ld91","other":"x7Fq2Ld91"}'
    assert masked(text, 16, "Ld91") == '{"key":"••••••••••••Ld91","other":"x7Fq2Ld91"}'
    assert masked(text, 0, "") == text


TORTURE = {
    "token": "x" * 20_000,
    "chinese": "证据必须完整，模型的回答可以用中文书写。" * 300,
    "emoji": "🙂👍🏽❤\ufe0f🤖 👩\u200d💻 " * 150,
    "markup": "<script>alert(1)</script> <b>x</b> &amp; </para> <font name='x'>",
    "lines": "\n".join(f"line {n}" for n in range(5000)),
    "controls": "".join(map(chr, [*range(1, 10), 11, 12, *range(14, 32)]))
    + "\x7f\x85\u2028\ufeff\U000e0041",
    "korean": "한국어 문장입니다. " * 40,
    "maths": "𝑥²+𝑦² ≤ ∑∞ → ∮ " * 40,
    "code": "def f():\n\treturn {\n\t\t'a': 1,\n\t}\n" * 30,
    "spaces": " " * 3000 + "x",
    "unmapped": "\U00020bb7 ﷽ ܫܠܡܐ ཀ",
    "hindi": "अनुच्छेद १२: यह अनुबंध दोनों पक्षों के बीच हस्ताक्षरित हुआ। " * 60,
    "thai": "สัญญานี้ลงนามเมื่อวันที่ 12 มีนาคม 2567 น้ำใจที่ยิ่งใหญ่ " * 60,
    "indic": "চুক্তিটি উভয় পক্ষের ஒப்பந்தம் இரு ఒప్పందం ಒಪ್ಪಂದಕ್ಕೆ കരാർ ഇരു કરાર ਇਕਰਾਰਨਾਮਾ ଚୁକ୍ତିନାମା ශ්\u200dරී " * 9,
    "mekong": "ສັນຍາສະບັບນີ້ໄດ້ລົງນາມແລ້ວ កិច្ចសន្យានេះត្រូវបានចុះ ဤစာချုပ်ကို လက်မှတ်ရေးထိုးခဲ့သည်။" * 40,
    "marks": "tie\u0302\u0301ng Vie\u0323\u0302t x\u0304 カ\u3099 \u1112\u1161\u11ab\u1100\u116e\u11a8 "
    * 40,
    "caucasus": "Պայմանագիրը ստորագրվել է. ხელშეკრულება ხელმოწერილია. ስምምነቱ ተፈርሟል።" * 20,
}
TO_THE_LEFT = {
    "controls": "left \u202e right \u200f עברית العربية \u2066x\u2069",
    "hebrew": "החוזה נחתם בין שני הצדדים וכל תשובות המודל נשמרו במקור ללא שינוי",
    "pointed": "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם",
    "arabic": "تم توقيع الاتفاقية بين الطرفين ولا يجوز نقل البيانات إلى طرف ثالث",
    "persian": "می\u200cخواهم داده\u200cهای مدل را ببینم",
    "urdu": "یہ معاہدہ فریقین کے درمیان ہے",
}
HOSTILE = "\n".join(
    (
        "א" * 4000, "سلامعليكم" * 500, "क्ष" * 2000, "ไ" * 3000, "b\u0301" * 3000, "\u0301" * 200,
        "H\u0321\u0353\u031e\u0345I\u0317\u0318\u0326\u035dT\u0337\u030e\u0305\u0303\u0302\u0301" * 20,
        "שלום (abc) 12.5% \u202eנספח\u202c A-3, [x]" * 60, "\u200f\u200e\u061c\u2067" * 90,
        "\ufdfd" * 40, "ب\u200d\u200c\u200dب" * 200, '{"א":"ب","x":[1,2]}' * 40, "🙂א👩\u200d💻ب" * 90,
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def tortured(tmp_path_factory: pytest.TempPathFactory) -> tuple[DossierPlan, Builder, Path]:
    from casekit.store.case import create_case

    folder = tmp_path_factory.mktemp("torture")
    with create_case(folder / "T", "Aurora v. Meridian") as case:
        made = Builder(case, folder)
        for number, (name, text) in enumerate(TORTURE.items()):
            made.exhibit(
                made.add(f"{name}.jsonl", answer(f"Prompt {name}", text, "m" * 200))[0],
                f"T-{number}",
            )
        for number, (name, text) in enumerate(TO_THE_LEFT.items()):
            made.exhibit(made.add(f"{name}.jsonl", answer("Prompt", text, "m"))[0], f"L-{number}")
        lines, words = HOSTILE.split("\n"), " ".join(TO_THE_LEFT.values()) * 30
        halves = "\n".join(lines[::2]), "\n".join(lines[1::2])  # asked and answered, each once
        for number, (asked, said) in enumerate((halves, (words, words))):
            made.exhibit(
                made.add(f"h{number}.jsonl", answer(asked, said, "ק" * 99))[0], f"H-{number}"
            )
        long = made.add("a long name " * 40, document("A very long title " * 40, "body"))[0]
        made.exhibit(long, "T-TITLE", title="T" * 300)
        made.exhibit(
            made.add("m.eml", message(subject="Subject " * 200, recipients=200))[0], "T-MAIL"
        )
        files = [new_item("file", f"{n}" + "y" * 200, b"%d" % n) for n in range(30)]
        made.exhibit(made.add("f.eml", message(*files))[0], "T-FILES")
        with case.read() as s:
            return plan(s), made, folder


@pytest.fixture(scope="module")
def torture(tortured: tuple[DossierPlan, Builder, Path]) -> Path:
    decided, made, folder = tortured
    return render(decided, made.originals, folder / "torture.pdf").path


@pytest.fixture(scope="module")
def tagged_torture(tortured: tuple[DossierPlan, Builder, Path]) -> Path:
    decided, made, folder = tortured
    wanted = msgspec.structs.replace(decided, profile="accessible")
    return render(wanted, made.originals, folder / "tagged.pdf").path


def test_no_text_leaves_its_frame(torture: Path) -> None:
    left, bottom, right, top = FRAME
    outside = []
    for number, page in enumerate(glyphs_of(torture), 1):
        for g in page:
            sideways = g.left < left - 0.8 or g.right > right + 0.8
            in_frame = g.bottom >= bottom - 2.5 and g.top <= top + 2.5
            running = 738 <= g.bottom <= g.top <= 758 or 38 <= g.bottom <= g.top <= 54
            if sideways or not (in_frame or running):
                outside.append((number, g))
    assert outside == []


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_every_script_is_within_pdf_a(torture: Path) -> None:
    assert verapdf.failures(torture, "2u") == {}


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
@pytest.mark.parametrize("flavour", ["2a", "ua1"])
def test_every_script_can_be_heard(tagged_torture: Path, flavour: str) -> None:
    assert verapdf.failures(tagged_torture, flavour) == {}


def test_tags_change_no_text(torture: Path, tagged_torture: Path) -> None:
    assert body_text(tagged_torture, FRAME) == body_text(torture, FRAME)


@pytest.mark.parametrize("name", TORTURE)
def test_no_character_is_lost(torture: Path, name: str, torture_text: str) -> None:
    assert as_shown(TORTURE[name].replace("❤\ufe0f", "❤").replace("\u200d", "")) in torture_text


@pytest.fixture(scope="module")
def torture_pages(torture: Path) -> list[str]:
    """The text of each page in the order in which it was drawn, as poppler reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed here")
    command = ["pdftotext", "-raw", str(torture), "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    kept = "".join(c for c in found if c not in "\u202a\u202b\u202c")  # poppler adds these itself
    return kept.split("\f")


@pytest.fixture(scope="module")
def torture_by_poppler(torture: Path) -> str:
    """What `pdftotext` gives of the text area, without the numbers in its margin."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed here")
    left, bottom, right, top = FRAME
    area = {"-x": left + 22, "-y": 792 - top - 6, "-W": right - left, "-H": top - bottom + 10}
    options = [each for key, value in area.items() for each in (key, str(round(value)))]
    command = ["pdftotext", "-raw", "-r", "72", *options, str(torture), "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return bare(found).replace("\ufe0f", "").replace("\u200d", "")


@pytest.mark.parametrize("name", TORTURE)
def test_pdftotext_gives_back_every_character(torture_by_poppler: str, name: str) -> None:
    wanted = as_shown(TORTURE[name].replace("❤\ufe0f", "❤").replace("\u200d", ""))
    assert wanted in torture_by_poppler


@pytest.mark.parametrize("name", TO_THE_LEFT)
def test_texts_from_right_to_left_come_back_in_the_order_of_reading(
    torture_pages: list[str], name: str
) -> None:
    foot = f"Exhibit L-{list(TO_THE_LEFT).index(name)} · page 1"
    page = next(p for p in torture_pages if foot in p)
    assert as_shown(TO_THE_LEFT[name].replace("\u200c", "")) in bare(page).replace("\u200c", "")


@pytest.mark.parametrize("name", TO_THE_LEFT)
def test_words_from_right_to_left_are_found_by_another_reader(torture_text: str, name: str) -> None:
    words = TO_THE_LEFT[name].split()
    assert [w for w in words if w.isalpha() and w not in torture_text] == []


@pytest.fixture(scope="module")
def torture_text(torture: Path) -> str:
    return body_text(torture, FRAME).replace("\ufe0f", "").replace("\u200d", "")


def test_an_answer_of_the_sample_is_cited_whole(dossier: Matter) -> None:
    assert as_shown(ANSWER) in body_text(dossier.rendered.path, FRAME)
    assert as_shown(PROMPT) in body_text(dossier.rendered.path, FRAME)


def test_a_mark_parted_from_its_letter_by_the_pieces_of_a_plan_is_drawn(
    dossier: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter with its mark is one character in the font, whichever way the text writes it."""
    whole = msgspec.structs.replace(dossier.plan, title="x" * 40 + "o\u0306" + "y" * 40)
    at = whole.encoded().index("o\u0306".encode()) + 1
    monkeypatch.setattr(rendering, "_PIECE", at)
    assert "\u014f" in rendering.characters_of(whole, wording(whole.words), [])


def test_a_page_that_shows_none_of_its_words_says_so(built: Builder, tmp_path: Path) -> None:
    """As one in a typeface that the file does not carry, which would be a white sheet in court."""
    white = io.BytesIO()
    Image.new("RGB", (85, 110), "white").save(white, "PNG")
    built.exhibit(built.add("terms.pdf", pdf(1))[0], "D-1")
    built.originals.page = lambda *_: white.getvalue()  # type: ignore[method-assign]
    with built.case.read() as s:
        decided = plan(s)
    made = render(decided, built.originals, tmp_path / "d.pdf")
    (problem,) = made.problems
    assert problem.startswith(
        "Page 1 of Terms of service 2025-03.pdf holds words and shows nothing"
    )
    text = bare("".join(g.character for page in glyphs_of(made.path) for g in page))
    assert bare(problem) in text
