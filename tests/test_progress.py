import inspect

from casekit.progress import Progress, Silent


def test_silent_is_a_progress_that_says_nothing() -> None:
    progress: Progress = Silent()
    progress.step(1, 2, "x")
    progress.step(1, None, "")
    assert inspect.signature(Silent.step) == inspect.signature(Progress.step)
