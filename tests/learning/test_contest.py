"""Oracle: one run at a time, and counting its steps."""

from __future__ import annotations

import numpy as np
import pytest

from learning.data import noisy_line
from learning.optimization import (
    Adam,
    Descent,
    Momentum,
    RMSProp,
    line_quadratic,
    minimize,
    steps_by_rate,
    steps_until,
)

BOWL = line_quadratic(*noisy_line(30, generator=np.random.default_rng(5)))
START, RATES = np.array([6.0, 6.5]), np.array([0.01, 0.1, 0.5, 2.0])


@pytest.mark.parametrize(
    "make",
    [
        lambda rate: Descent(rate=rate),
        lambda rate: Momentum(rate=rate, beta=0.4),
        lambda rate: RMSProp(rate=rate),
        lambda rate: Adam(rate=rate),
    ],
)
def test_all_rates_at_once_count_as_each_alone_does(make):
    counts = steps_by_rate(make, BOWL, START, rates=RATES, steps=100, excess=1e-3)
    for rate, count in zip(RATES, counts, strict=True):
        with np.errstate(over="ignore", invalid="ignore"):
            run = minimize(BOWL, START, make(rate), steps=101, gradient=BOWL.gradient)
        assert count == steps_until(run, BOWL.least + 1e-3)
    assert np.isfinite(counts).any()


def test_a_start_that_is_near_enough_takes_no_step():
    how = {"rates": RATES, "steps": 1, "excess": 1e-3}
    counts = steps_by_rate(lambda rate: Descent(rate=rate), BOWL, BOWL.minimum, **how)
    assert counts.tolist() == [0] * 4
