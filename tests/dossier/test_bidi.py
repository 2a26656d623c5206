from pathlib import Path

import pytest

from casekit.dossier import bidi

EXCERPT = Path(__file__).parent.parent / "data" / "unicode" / "BidiCharacterTest.txt"
WHOLE = Path("/usr/share/unicode/BidiCharacterTest.txt")  # Debian's package unicode-data
EXPLICIT = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(text: str) -> str:
    """A line as it stands from left to right."""
    kinds = bidi.classes(text)
    levels = bidi.resolve(text, kinds, bidi.base_level(kinds))
    return "".join(text[at] for at in bidi.visual(levels))


def official(path: Path) -> list[tuple[str, tuple[int, list[int], list[int]], int]]:
    rows = []
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            codes, asked, base, levels, order = line.split(";")
            text = "".join(chr(int(code, 16)) for code in codes.split())
            if not EXPLICIT & set(text) and "x" not in levels:
                wanted = (
                    int(base),
                    [int(n) for n in levels.split()],
                    [int(n) for n in order.split()],
                )
                rows.append((text, wanted, int(asked)))
    return rows


@pytest.mark.parametrize("path", [EXCERPT, WHOLE], ids=["excerpt", "whole"])
def test_the_official_cases_come_out_as_they_should(path: Path) -> None:
    if not path.is_file():
        pytest.skip("the whole test data of Unicode is not installed here")
    rows = official(path)
    assert len(rows) > 300
    wrong = []
    for text, wanted, asked in rows:
        kinds = bidi.classes(text)
        base = bidi.base_level(kinds) if asked == 2 else asked
        levels = bidi.resolve(text, kinds, base)
        if (base, levels, bidi.visual(levels)) != wanted:
            wrong.append((text, wanted, levels))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "from_left"),
    [
        ("plain text, 12 of them.", "plain text, 12 of them."),
        ("אבג דהו", "והד גבא"),
        ("see אבג, and דהו.", "see גבא, and והד."),
        ("אבג 12 דהו", "והד 12 גבא"),
        ("אבג abc.", ".abc גבא"),
        ("(אבג) x", "x )גבא("),
        ("", ""),
    ],
)  # fmt: skip
def test_lines_as_they_stand(text: str, from_left: str) -> None:
    assert shown(text) == from_left


@pytest.mark.parametrize("control", sorted(EXPLICIT))
def test_a_hidden_control_moves_nothing(control: str) -> None:
    text = f"pay {control}100{control} to abc.exe{control}"
    assert shown(text) == text
    assert bidi.classes(control) == ["ON"]
    hebrew = f"א{control}ב{control}ג"
    assert shown(hebrew).replace(control, "") == "גבא"
