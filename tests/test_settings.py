from __future__ import annotations

from pathlib import Path

import pytest

from casekit import paths, settings
from casekit.settings import Settings


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def written(text: str) -> Settings:
    (paths.config_folder() / "settings.json").write_text(text, "utf-8")
    return settings.load()


def test_without_a_file_all_is_default_and_the_examiner_is_who_is_logged_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings.load() == Settings(examiner="Test Examiner")
    monkeypatch.delenv("CASEKIT_EXAMINER")
    monkeypatch.setenv("LOGNAME", "jdoe")
    assert settings.load() == Settings(examiner="jdoe")

    def nobody() -> str:
        raise KeyError("uid")

    monkeypatch.setattr(settings.getpass, "getuser", nobody)
    assert settings.load() == Settings(examiner="unnamed examiner")


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    chosen = Settings("C. Ito", "dark", "zh", ("/a", "/b"))
    settings.save(chosen)
    assert settings.load() == chosen
    assert [p.name for p in paths.config_folder().iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "\x00"])
def test_a_file_that_is_damaged_takes_the_defaults(text: str) -> None:
    assert written(text) == Settings(examiner="Test Examiner")


@pytest.mark.parametrize(
    ("text", "recent"),
    [
        ('{"recent": 5, "theme": ["x"], "language": 3, "examiner": ["a"], "advance": "no"}', ()),
        ('{"recent": "abc", "theme": null, "time_authority": 7, "arrangement": [1]}', ()),
        ('{"recent": ["/a", 1, null, "/b"], "guided": 0, "text_engine": {}}', ("/a", "/b")),
        ("[" * 100_000, ()),
    ],
)
def test_a_value_of_another_kind_takes_its_default(text: str, recent: tuple[str, ...]) -> None:
    assert written(text) == Settings(examiner="Test Examiner", recent=recent)


def test_what_a_newer_version_wrote_is_passed_over() -> None:
    assert written('{"theme": "dark", "hologram": true}') == Settings("Test Examiner", "dark")


def test_the_cases_opened_last_come_first_and_once(tmp_path: Path) -> None:
    for number in [*range(10), 7]:
        settings.remember_case(tmp_path / f"{number}.casekit")
    names = [Path(p).name for p in settings.load().recent]
    assert names == [f"{n}.casekit" for n in (7, 9, 8, 6, 5, 4, 3, 2)]


def test_a_crash_while_saving_leaves_the_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(Settings("A"))

    def power_cut(*_: object) -> None:
        raise OSError("power")

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(OSError, match="power"):
        settings.save(Settings("B"))
    assert settings.load().examiner == "A"
