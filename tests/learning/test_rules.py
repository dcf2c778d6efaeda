"""Oracle: torch.optim at every step, for each rule on each problem, on all points and batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from learning import data
from learning.evaluation import binary_cross_entropy_loss, mean_squared_error
from learning.objective import ALL, gradient_by_hand, objective
from learning.optimization import AdaGrad, Adam, Descent, Momentum, RMSProp, inverse_time, minimize
from learning.optimization.rules import Rule
from learning.representation import FeedForward, LogisticRegression

STEPS = 40
GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(30, 2))
LABELS = (X[:, 0] - X[:, 1] + 0.5 * GENERATOR.normal(size=30) > 0).astype(float)
CENTERS = GENERATOR.normal(size=(30, 3))
NETWORK = FeedForward.random((2, 4, 3, 1), generator=np.random.default_rng(1))


@dataclass(frozen=True)
class Problem:
    """A function of θ and of rows, for tensors; where it begins, and how many rows it has."""

    function: Callable[..., Any]
    start: Any
    rows: int
    by_hand: Callable[..., Any] | None = None  # the gradient, for NumPy arrays


def quadratic(theta: Any, rows: Any = ALL) -> Any:
    scale = torch.tensor([1.0, 4.0, 19.0], dtype=torch.float64)
    return (scale * (theta - torch.from_numpy(CENTERS)[rows]) ** 2).sum(-1).mean()


def quadratic_gradient(theta: Any, rows: Any = ALL) -> Any:
    return 2.0 * np.array([1.0, 4.0, 19.0]) * (theta - CENTERS[rows]).mean(axis=0)


def rosenbrock(theta: Any, rows: Any = ALL) -> Any:
    here, after = theta[:-1][rows], theta[1:][rows]
    return (100.0 * (after - here**2) ** 2 + (1.0 - here) ** 2).mean()


def regression(model: Any, loss: Any, y: Any, predict: Any = None) -> Problem:
    x, target = torch.from_numpy(X), torch.from_numpy(y)
    f = objective(model, loss, x, target, predict=predict)
    by_hand = gradient_by_hand(model, loss, X, y, predict=predict)
    return Problem(f, model.parameters, 30, by_hand)


PROBLEMS = {
    "quadratic": Problem(quadratic, np.array([3.0, -2.0, 1.0]), 30, quadratic_gradient),
    "Rosenbrock": Problem(rosenbrock, np.array([-1.2, 1.0, 0.5, 0.3]), 3),
    "logistic regression": regression(
        LogisticRegression(np.array([0.1, -0.2]), 0.3),
        binary_cross_entropy_loss,
        LABELS,
        LogisticRegression.logits,
    ),
    "network": regression(NETWORK, mean_squared_error, LABELS[:, None]),
}

SGD, AdamW = torch.optim.SGD, torch.optim.AdamW
RULES: dict[str, tuple[Rule, Callable[[Any], torch.optim.Optimizer]]] = {
    "descent": (Descent(rate=1e-3), lambda p: SGD(p, lr=1e-3)),
    "momentum": (Momentum(rate=1e-3), lambda p: SGD(p, lr=1e-3, momentum=0.9)),
    "Nesterov": (
        Momentum(rate=1e-3, beta=0.8, nesterov=True),
        lambda p: SGD(p, lr=1e-3, momentum=0.8, nesterov=True),
    ),
    "AdaGrad": (AdaGrad(rate=0.05), lambda p: torch.optim.Adagrad(p, lr=0.05)),
    "RMSProp": (RMSProp(rate=0.01), lambda p: torch.optim.RMSprop(p, lr=0.01)),
    "RMSProp, short": (
        RMSProp(rate=0.01, beta=0.5, epsilon=1e-3),
        lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.5, eps=1e-3),
    ),
    "Adam": (Adam(rate=0.02), lambda p: torch.optim.Adam(p, lr=0.02)),
    "Adam, other betas": (
        Adam(rate=0.02, beta1=0.5, beta2=0.9, epsilon=1e-4),
        lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.5, 0.9), eps=1e-4),
    ),
    "AdamW": (Adam(rate=0.02, decay=0.1), lambda p: AdamW(p, lr=0.02, weight_decay=0.1)),
}


def draw(problem: Problem, size: int | None) -> Any:
    generator = np.random.default_rng(2)
    if size is None:
        return None
    return data.draw_batches(problem.rows, steps=STEPS, batch_size=size, generator=generator)


def torch_path(problem: Problem, make: Any, batches: Any) -> tuple[Any, Any]:
    """Return torch's parameters before each step and after the last, and the loss at each."""
    theta = torch.tensor(problem.start).requires_grad_()
    optimizer = make([theta])
    path, losses = [], []
    for step in range(STEPS):
        path.append(theta.detach().numpy().copy())
        losses.append(problem.function(theta).item())
        optimizer.zero_grad()
        problem.function(theta, ALL if batches is None else batches[step]).backward()
        optimizer.step()
    return np.array([*path, theta.detach().numpy()]), np.array(losses)


each_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
each_rule = pytest.mark.parametrize(("rule", "make"), RULES.values(), ids=RULES)
each_size = pytest.mark.parametrize("size", [None, 2], ids=["all points", "batches"])


@each_size
@each_problem
@each_rule
def test_each_step_is_torchs(rule: Rule, make: Any, problem: Problem, size: int | None) -> None:
    batches = draw(problem, size)
    expected, losses = torch_path(problem, make, batches)
    start = torch.tensor(problem.start)
    run = minimize(problem.function, start, rule, steps=STEPS, batches=batches)
    assert np.allclose(run.parameters, expected[:-1], rtol=1e-12, atol=1e-12)
    assert np.allclose(run.final, expected[-1], rtol=1e-12, atol=1e-12)
    assert np.allclose(run.losses, losses, rtol=1e-12)
    assert np.array_equal(start.numpy(), problem.start)  # nothing is changed in place
    assert not np.allclose(expected[-1], expected[0], rtol=1e-3)  # and something did move


@each_size
@pytest.mark.parametrize("name", ["quadratic", "logistic regression", "network"])
@each_rule
def test_by_hand_on_numpy_it_is_the_same_run(
    rule: Rule, make: Any, name: str, size: int | None
) -> None:
    problem = PROBLEMS[name]
    batches = draw(problem, size)
    start = torch.tensor(problem.start)
    expected = minimize(problem.function, start, rule, steps=STEPS, batches=batches)
    by_hand = minimize(
        lambda theta: problem.function(torch.from_numpy(theta)),
        problem.start,
        rule,
        steps=STEPS,
        batches=batches,
        gradient=problem.by_hand,
    )
    assert np.allclose(by_hand.parameters, expected.parameters, rtol=1e-12, atol=1e-12)
    assert np.allclose(by_hand.losses, expected.losses, rtol=1e-12)


@each_problem
def test_a_forgotten_zeroing_is_momentum_that_forgets_nothing(problem: Problem) -> None:
    theta = torch.tensor(problem.start).requires_grad_()
    for _ in range(STEPS):
        problem.function(theta).backward()  # adds to what is there
        with torch.no_grad():
            theta -= 1e-4 * theta.grad
    rule = Momentum(rate=1e-4, beta=1.0)
    run = minimize(problem.function, torch.tensor(problem.start), rule, steps=STEPS)
    assert np.allclose(run.final, theta.detach().numpy(), rtol=1e-12, atol=1e-12)


def test_a_rate_may_be_a_schedule() -> None:
    theta = torch.tensor([3.0, -2.0, 1.0], dtype=torch.float64).requires_grad_()
    optimizer = SGD([theta], lr=0.01)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0 / (1.0 + step))
    for _ in range(STEPS):
        optimizer.zero_grad()
        quadratic(theta).backward()
        optimizer.step()
        scheduler.step()
    rule = Descent(rate=lambda step: 0.01 / (1.0 + step))
    run = minimize(quadratic, torch.tensor([3.0, -2.0, 1.0]).double(), rule, steps=STEPS)
    assert np.allclose(run.final, theta.detach().numpy(), rtol=1e-12)


def test_a_rate_of_one_over_time_takes_the_mean_of_all_that_was_seen() -> None:
    seen = np.random.default_rng(3).normal(size=(50, 3))
    run = minimize(
        lambda theta: 0.0,
        np.full(3, 9.0),
        Descent(rate=inverse_time(1.0, half=1)),
        steps=50,
        batches=range(50),
        gradient=lambda theta, row: theta - seen[row],
    )
    assert np.allclose(run.final, seen.mean(axis=0), rtol=1e-12)


def test_half_of_a_rate_is_left_at_half() -> None:
    rate = inverse_time(0.4, half=100)
    assert (rate(0), rate(100), rate(300)) == pytest.approx((0.4, 0.2, 0.1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Descent(rate=-0.1), "rate must be finite and at least 0, got -0.1"),
        (lambda: Descent(rate=float("nan")), "rate must be finite and at least 0, got nan"),
        (lambda: Descent(rate=float("inf")), "rate must be finite and at least 0, got inf"),
        (lambda: Momentum(rate=0.1, beta=1.1), "beta must be from 0 to 1, got 1.1"),
        (lambda: Momentum(rate=0.1, beta=-0.1), "beta must be from 0 to 1, got -0.1"),
        (lambda: Adam(rate=0.1, beta1=1.0), "beta1 must be from 0 to below 1, got 1.0"),
        (lambda: Adam(rate=0.1, beta2=1.0), "beta2 must be from 0 to below 1, got 1.0"),
        (lambda: Adam(rate=0.1, decay=-1.0), "decay must be finite and at least 0, got -1.0"),
        (lambda: AdaGrad(rate=0.1, epsilon=-1), "epsilon must be finite and at least 0, got -1"),
        (lambda: RMSProp(rate=0.1, beta=1.1), "beta must be from 0 to 1, got 1.1"),
        (lambda: Momentum(rate=lambda step: 0.1, beta=1.1), "beta must be from 0 to 1, got 1.1"),
    ],
)
def test_a_number_out_of_range_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert Descent(rate=0).rate == 0
    assert Momentum(rate=0.1, beta=1).beta == 1
    assert Adam(rate=0.1, beta1=0, beta2=0, epsilon=0, decay=0).beta1 == 0


@pytest.mark.parametrize("kind", [Descent, Momentum, AdaGrad, RMSProp, Adam])
def test_numbers_are_given_by_name(kind: Any) -> None:
    with pytest.raises(TypeError, match="positional"):
        kind(0.1)
