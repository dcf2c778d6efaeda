"""Oracles: the published figures, moments in closed form, and descents on simulated draws."""

import numpy as np
import pytest
import torch
from tests.descent import descend_line
from tests.published import PUBLISHED

from learning import theory
from learning.data import noisy_line
from learning.evaluation import mean_squared_error
from learning.optimization import least_squares_line, line_hessian

RUN = {"rate": 1e-3, "steps": 10_000, "log_every": 1000}
PREDICTED = theory.descent(PUBLISHED["start"], n=10_000, **RUN)

# Another estimate of the same means and spreads, from simulated draws of the data, so with its own
# sampling error: some percent of a standard deviation, and some percent of each spread.
SIMULATED = [
    (88.9465, 0.118),
    (0.8945, 0.0040),
    (0.2873, 0.0040),
    (0.2391, 0.0032),
    (0.2046, 0.0026),
    (0.1781, 0.0022),
    (0.1577, 0.0019),
    (0.1420, 0.0017),
    (0.1300, 0.0016),
    (0.1207, 0.0015),
    (3.5289, 0.011),
    (7.7168, 0.0070),
]


def test_all_twelve_published_figures_lie_within_four_standard_deviations():
    z = PREDICTED.z([*PUBLISHED["losses"], *PUBLISHED["fit"]])
    assert len(z) == 12
    assert np.abs(z).max() < 4


def test_our_twelve_figures_lie_within_four_standard_deviations():
    x, y = (
        torch.from_numpy(v).float() for v in noisy_line(10_000, generator=np.random.default_rng(1))
    )
    run = descend_line(x, y, start=PUBLISHED["start"], **RUN)
    assert np.abs(PREDICTED.z([*run.losses, *run.final])).max() < 4


def test_the_prediction_agrees_with_the_table_from_simulated_draws():
    mean, sd = np.array(SIMULATED).T
    rounding = np.array([5e-5] * 12)
    assert np.all(np.abs(PREDICTED.mean - mean) < 0.05 * PREDICTED.sd + rounding)
    assert np.all(np.abs(PREDICTED.sd - sd) < 0.05 * PREDICTED.sd + rounding)


def test_the_prediction_agrees_with_descents_on_400_draws():
    generator = np.random.default_rng(0)
    results = np.array([simulate(generator, n=1000) for _ in range(400)])
    predicted = theory.descent((0.0, 0.0), rate=1e-2, steps=400, log_every=100, n=1000)
    off = (results.mean(axis=0) - predicted.mean) / (predicted.sd / np.sqrt(400))
    assert np.abs(off).max() < 4
    assert np.allclose(results.std(axis=0), predicted.sd, rtol=0.15)  # 4 / sqrt(2 * 400)


def simulate(generator, *, n):
    """Step a run forward on the draw's 2 by 2 normal matrix, with no eigenbasis and no powers."""
    x, y = noisy_line(n, generator=generator)
    hessian, best = line_hessian(x), least_squares_line(x, y)
    least = mean_squared_error(best[0] * x + best[1], y)
    distance, losses = -best, []
    for step in range(400):
        if step % 100 == 0:
            losses.append(least + 0.5 * distance @ hessian @ distance)
        distance = distance - 1e-2 * (hessian @ distance)
    return [*losses, *(best + distance)]


def test_a_run_on_one_draw_lies_within_four_standard_deviations():
    x, y = noisy_line(10_000, generator=np.random.default_rng(8))
    run = descend_line(x, y, start=PUBLISHED["start"], **RUN)
    assert np.abs(PREDICTED.z([*run.losses, *run.final])).max() < 4


def test_the_first_loss_has_its_closed_form():
    da, db, v = PUBLISHED["start"][0] - 3, PUBLISHED["start"][1] - 8, 0.09
    d2 = da**2 / 3 + da * db + db**2  # the mean of (da x + db)²
    d4 = sum(
        c * da**k * db ** (4 - k) / (k + 1) for k, c in enumerate((1, 4, 6, 4, 1))
    )  # of its square
    variance = (d4 - d2**2 + 4 * v * d2 + 2 * v**2) / 10_000
    assert PREDICTED.mean[0] == pytest.approx(d2 + v, rel=1e-12)
    assert PREDICTED.sd[0] == pytest.approx(np.sqrt(variance), rel=1e-12)


@pytest.mark.parametrize(
    ("guess", "index", "printed", "mean", "sd"),
    [
        ((10, 5), 0, PUBLISHED["first_guess_mse"], 4.42, 0.62),
        ((-1, 1), 1, PUBLISHED["first_guess_rmse"], 9.077, 0.17),
    ],
)
def test_first_guesses(guess, index, printed, mean, sd):
    predicted = theory.first_guess_errors(*guess, n=50)
    assert predicted.mean[index] == pytest.approx(mean, abs=0.005)
    assert predicted.sd[index] == pytest.approx(sd, abs=0.005)
    assert abs(predicted.z([printed, printed])[index]) < 4


def test_a_comparison_has_a_row_a_figure_and_both_z_scores():
    predicted = theory.Prediction(np.array([1.0, 2.0]), np.array([0.5, 0.25]))
    table = theory.comparison(["p", "q"], [2.0, 2.0], [1.5, 1.0], predicted, caption="two")
    assert table.rows == {
        "p": [2.0, 1.5, 1.0, 0.5, 2.0, 1.0],
        "q": [2.0, 1.0, 2.0, 0.25, 0.0, -4.0],
    }


def test_a_comparison_needs_a_label_a_figure():
    predicted = theory.Prediction(np.array([1.0, 2.0]), np.array([0.5, 0.25]))
    with pytest.raises(ValueError, match="zip"):
        theory.comparison(["p"], [2.0, 2.0], [1.5, 1.0], predicted, caption="two")
