import pytest

from casekit.dossier import scales


def labels(axis: scales.Axis) -> list[str]:
    return [tick.label for tick in axis.ticks]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((0, 10), ["0", "2", "4", "6", "8", "10"]),
        ((-1.2, 2.1), ["-2", "-1", "0", "1", "2", "3"]),
        ((0.001, 0.0042), ["0.001", "0.002", "0.003", "0.004", "0.005"]),
        ((0, 1.1), ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25"]),
        ((5, 5), ["0", "1", "2", "3", "4", "5"]),
        ((), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((0, float("nan"), 4), ["0", "1", "2", "3", "4"]),
        ((0, 1_234_567), ["0", "250,000", "500,000", "750,000", "1,000,000", "1,250,000"]),
    ],
)
def test_numbers_stand_at_round_ticks_that_hold_all(
    values: tuple[float, ...], wanted: list[str]
) -> None:
    assert labels(scales.numbers(values, "x")) == wanted


def test_counts_have_no_tick_between_two_whole_numbers() -> None:
    assert labels(scales.numbers((0, 2), "n", whole=True)) == ["0", "1", "2"]


def test_shares_begin_at_nothing_and_are_per_cent() -> None:
    axis = scales.shares((0.31, 0.4), "share")
    assert labels(axis) == ["0 %", "10 %", "20 %", "30 %", "40 %"]
    assert (axis.low, axis.high) == (0.0, 0.4)


def test_days_stand_at_midnight_utc() -> None:
    noon = 1_762_084_800_000_000  # 2 November 2025, 12:00
    axis = scales.days(noon, noon + 60 * scales.DAY_US, "time")
    assert labels(axis)[:2] == ["2025-11-03", "2025-11-17"]
    assert axis.ticks[0].at == 0.5
    assert len(axis.ticks) <= 7


def test_a_short_time_has_hours() -> None:
    noon = 1_762_084_800_000_000
    axis = scales.days(noon, noon + 5 * 3_600_000_000, "time")
    assert labels(axis)[0] == "11-02 12:00"
    assert 2 <= len(axis.ticks) <= 7
