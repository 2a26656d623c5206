import math

import numpy as np
import pytest

from casekit.analysis import calibration
from casekit.analysis.calibration import Trials, auc, cap_of, capped, cllr, cllr_min, fit, fused

YES = np.array([True, True, True, False, False, False])
TRIALS = Trials(YES, ("a", "a", "b", "x", "y", "z"))


def test_sides_weigh_the_same_and_families_within_them() -> None:
    assert TRIALS.weights() == pytest.approx([0.125, 0.125, 0.25, 1 / 6, 1 / 6, 1 / 6])
    drawn = TRIALS.weights({"a": 2, "x": 3})
    assert drawn == pytest.approx([0.25, 0.25, 0, 0.5, 0, 0])
    assert TRIALS.families(yes=False) == ["x", "y", "z"]


def test_a_ratio_rises_with_the_score_and_is_even_in_the_middle() -> None:
    score = np.array([3.0, 2.0, 0.5, -0.5, -2.0, -3.0])
    mapped = fit(score, YES, TRIALS.weights())
    ratios = mapped(np.array([-2.0, 0.0, 2.0]))
    assert ratios[0] < ratios[1] < ratios[2]
    assert abs(ratios[1]) < 0.3


def test_scores_that_say_nothing_have_a_ratio_of_one() -> None:
    mapped = fit(np.ones(6), YES, TRIALS.weights())
    assert mapped(np.ones(1)) == pytest.approx([0.0], abs=1e-9)


def test_scores_equal_but_for_rounding_have_a_ratio_of_one() -> None:
    score = np.full(6, 0.1) + np.array([0, 1, 0, -1, 0, 1]) * 1e-17
    mapped = fit(score, YES, TRIALS.weights())
    assert mapped(np.array([0.1, 0.2])) == pytest.approx([0.0, 0.0], abs=1e-9)
    assert abs(fused([score], TRIALS.weights())).max() < 1e-9


def test_no_step_of_the_fit_goes_astray() -> None:
    """At the end of its steps the slope of the cost is nought, for parted, far and few scores too."""
    rng = np.random.Generator(np.random.PCG64(1))
    for yes_far in (0.0, 1.0, 1e6, -3.0):
        score = rng.normal(size=6) + yes_far * YES
        weights = TRIALS.weights()
        ratio = fit(score, YES, weights)(score) * math.log(10)
        wrong = np.where(YES, 1, -1) / (1 + np.exp(np.where(YES, ratio, -ratio)))
        assert abs((weights * wrong).sum()) < 1e-9


def test_parted_scores_still_have_a_finite_ratio() -> None:
    mapped = fit(np.array([1e6, 1e6, 1e6, 0, 0, 0]), YES, TRIALS.weights())
    assert np.isfinite(mapped(np.array([0.0, 1e6]))).all()


def test_the_cap_is_the_number_of_families_and_one() -> None:
    assert cap_of(6) == pytest.approx(math.log10(7))
    assert capped(np.array([-3.0, 0.1, 3.0]), 6) == pytest.approx([-cap_of(6), 0.1, cap_of(6)])


def test_cost_and_area_of_known_ratios() -> None:
    assert cllr(np.zeros(6), YES) == pytest.approx(1.0)
    far = np.array([9.0, 9.0, 9.0, -9.0, -9.0, -9.0])
    assert (cllr(far, YES), auc(far, YES)) == (pytest.approx(0, abs=1e-6), 1.0)
    assert cllr(-far, YES) > 9
    tied = np.array([1.0, 0, 0, 0, 0, -1.0])
    assert auc(tied, YES) == pytest.approx((3 + 2 * (0.5 + 0.5 + 1)) / 9)


def test_the_least_cost_is_that_of_the_best_order() -> None:
    good = np.array([3.0, 2.0, 1.0, 0.0, -1.0, -2.0])
    assert cllr_min(good, YES) == pytest.approx(0.0, abs=1e-6)
    assert cllr_min(np.zeros(6), YES) == pytest.approx(1.0)
    assert cllr_min(np.zeros(6), ~YES) == pytest.approx(1.0)  # strangers first: ties tell nothing
    mixed = np.array([3.0, 1.0, 0.0, 2.0, -1.0, -2.0])
    assert 0 < cllr_min(mixed, YES) < 1


def test_statistics_are_fused_in_units_of_their_spread() -> None:
    one, two = np.array([1.0, -1.0]), np.array([100.0, -100.0])
    assert fused([one, two], np.array([0.5, 0.5])) == pytest.approx([1.0, -1.0])
    assert fused([one, -two], np.array([0.5, 0.5])) == pytest.approx([0.0, 0.0])  # equal parts


def test_a_fit_that_goes_round_ends_where_all_its_steps_lead() -> None:
    chance = np.random.default_rng(7)
    for size in range(6, 60):
        yes = np.arange(size) % 3 == 0
        score = chance.normal(size=size) + 2.0 * yes
        weights = np.where(yes, 0.5 / yes.sum(), 0.5 / (~yes).sum())
        centre, spread = calibration._middle(score, weights)
        place = (0.0, 0.0)
        for _ in range(calibration.STEPS):
            place = calibration._step(
                place, (score - centre) / spread, np.where(yes, 1.0, -1.0), weights
            )
        wanted = (place[0] + place[1] * (score - centre) / spread) / np.log(10)
        assert fit(score, yes, weights)(score).tobytes() == wanted.tobytes()
