import pytest

from casekit.cli import demo, run
from casekit.errors import CaseKitError


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":1"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ""}, False),
    ],
)
def test_a_window_needs_a_display(
    variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert demo.display() is expected


def test_a_refusal_of_the_demo_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise CaseKitError("There is no space left.")

    monkeypatch.setattr("casekit.jobs.demo.run", refuse)
    assert run(["demo", "--no-window"]) == 2
    assert capsys.readouterr().err == "There is no space left.\n"
