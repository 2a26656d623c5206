from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.analysis import stats
from casekit.analysis.stats import conformal_p, interval, upper_bound


def test_the_bound_is_clopper_pearsons() -> None:
    assert upper_bound(0, 40) == pytest.approx(1 - 0.05 ** (1 / 40))
    bound = upper_bound(3, 40)
    assert sum(comb(40, k) * bound**k * (1 - bound) ** (40 - k) for k in range(4)) == pytest.approx(
        0.05
    )
    assert (upper_bound(0, 0), upper_bound(5, 5)) == (1.0, 1.0)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_bound_lies_above_the_share(case: tuple[int, int]) -> None:
    hits, trials = case
    assert hits / trials <= upper_bound(hits, trials) <= 1


def test_a_conformal_p_is_never_below_what_the_nulls_allow() -> None:
    assert conformal_p(1.0, [0.1, 0.2, 0.3]) == 0.25
    assert conformal_p(0.2, [0.1, 0.2, 0.3]) == 0.75


@pytest.mark.parametrize(
    ("hits", "trials", "wanted"),
    [(24, 60, [0.2756, 0.5346]), (2, 60, [0.0041, 0.1153]), (0, 10, [0.0, 0.3085]), (10, 10, [0.6915, 1.0]),
     (0, 0, [0.0, 1.0])],
)  # fmt: skip
def test_an_interval_is_exact_and_two_sided(hits: int, trials: int, wanted: list[float]) -> None:
    """Clopper and Pearson 1934; the values are those of the beta distribution's quantiles."""
    assert interval(hits, trials) == wanted
    if 0 < hits < trials:
        from scipy.stats import beta

        assert wanted == [round(float(beta.ppf(0.025, hits, trials - hits + 1)), 4),
                          round(float(beta.ppf(0.975, hits + 1, trials - hits)), 4)]  # fmt: skip


def test_an_interval_of_many_trials_is_the_same_on_both_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summed = stats.interval(37, 880)
    monkeypatch.setattr(stats, "SUMMED", 10)
    assert stats.interval(37, 880) == summed
    assert stats.interval(300, 3_000) == [0.0895, 0.1113]
    assert stats.interval(0, 100_000)[0] == 0.0
