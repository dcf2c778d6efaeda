"""What a step costs. Oracles: arithmetic by hand, and a count of what was written."""

import re

import pytest
import torch

from learning.optimization import Roofline, work

MACHINE = Roofline(floor=1e-6, bandwidth=8e9, speed=4e9)


def test_a_step_takes_the_floor_and_the_slower_of_two():
    assert MACHINE.parts(bytes=8000, operations=8000) == {
        "floor": 1e-6,
        "bytes": 1e-6,
        "operations": 2e-6,
    }
    assert MACHINE.seconds(bytes=8000, operations=8000) == pytest.approx(3e-6)
    assert MACHINE.seconds(bytes=80_000, operations=8000) == pytest.approx(11e-6)
    assert MACHINE.seconds(bytes=0, operations=0) == 1e-6


def test_the_limit_is_the_largest_part():
    asked = [(0, 0), (80_000, 8000), (8000, 80_000)]
    names = [MACHINE.limit(bytes=b, operations=o) for b, o in asked]
    assert names == ["floor", "bytes", "operations"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"floor": -1.0}, "floor must be at least 0, got -1.0"),
        ({"bandwidth": 0.0}, "bandwidth must be positive, got 0.0"),
        ({"speed": float("nan")}, "speed must be positive, got nan"),
    ],
)
def test_a_machine_that_is_none_is_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Roofline(**{"floor": 1.0, "bandwidth": 1.0, "speed": 1.0, **given})


def test_less_than_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 0, got -1 and 0"):
        MACHINE.seconds(bytes=-1, operations=0)


def test_work_counts_calls_and_bytes_and_a_view_moves_nothing():
    x = torch.ones(1000, dtype=torch.float64)
    y = torch.zeros(1000, dtype=torch.float64)
    assert work(lambda: x[:500]) == (1, 0)
    assert work(lambda: x * y) == (1, 24_000)
    assert work(lambda: (x - y).sum()) == (2, 24_000 + 8000 + 8)
    assert work(lambda: None) == (0, 0)


def test_work_hears_the_backward_pass_too():
    x = torch.ones(1000, dtype=torch.float64, requires_grad=True)
    calls, moved = work(lambda: (x * x).sum())
    more_calls, more = work(lambda: torch.autograd.grad((x * x).sum(), x))
    assert more_calls > calls
    assert more > 2 * moved
