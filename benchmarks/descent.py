"""The lecture's 10,000 steps on 10,000 points, with their log, in five ways side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from learning import (
    Descent,
    Line,
    devices,
    draw_batches,
    fit,
    mean_squared_error,
    minimize,
    noisy_line,
    objective,
)
from learning.optimization import line_quadratic

START = np.array([1.0260, -0.4221])
HOW = {"steps": 10_000, "log_every": 1000}
RULE = Descent(rate=1e-3)
ROUNDS = 3


def ways() -> dict[str, Callable[[], Any]]:
    """Each way by name; each returns the losses that it logged."""
    devices.prepare()
    x, y = noisy_line(10_000, generator=np.random.default_rng(1))
    xt, yt = torch.from_numpy(x), torch.from_numpy(y)
    bowl, line = line_quadratic(x, y), Line(*START)

    def plain() -> list[float]:
        a, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in START)
        optimizer, log = torch.optim.SGD([a, b], lr=1e-3), []
        for step in range(10_000):
            optimizer.zero_grad()
            loss = ((a * xt + b - yt) ** 2).mean()
            if step % 1000 == 0:
                log.append(loss.item())
            loss.backward()
            optimizer.step()
        return log

    f, start = objective(line, mean_squared_error, xt, yt), torch.from_numpy(START)
    return {
        "torch.optim.SGD": plain,
        "autograd": lambda: minimize(f, start, RULE, **HOW).losses,
        "by hand": lambda: fit(line, mean_squared_error, x, y, RULE, **HOW)[1].losses,
        "normal matrix": lambda: minimize(bowl, START, RULE, gradient=bowl.gradient, **HOW).losses,
        "closed form": lambda: bowl.descend(START, rate=1e-3, **HOW).losses,
    }


def seconds_a_step(size: int | None) -> float:
    """The time of a step of the search on so many points, or on all 10,000."""
    x, y = (torch.from_numpy(v) for v in noisy_line(10_000, generator=np.random.default_rng(1)))
    draw = {"steps": 2000, "generator": np.random.default_rng(2)}
    batches = size and draw_batches(10_000, batch_size=size, **draw)
    begin = time.perf_counter()
    how = {"steps": 2000, "log_every": 2000, "batches": batches}
    fit(Line(*START), mean_squared_error, x, y, RULE, **how)
    return (time.perf_counter() - begin) / 2000


def measured() -> Iterator[tuple[str, float, str, dict[str, float]]]:
    """Yield name, value, unit and goal of each figure."""
    best, logs = {}, {}
    for _ in range(ROUNDS):
        for name, way in ways().items():
            begin = time.perf_counter()
            logs[name] = np.array(way())
            seconds = time.perf_counter() - begin
            best[name] = min(seconds, best.get(name, seconds))
    autograd = best["autograd"]
    yield (
        "a plain torch.optim.SGD loop / minimize",
        best["torch.optim.SGD"] / autograd,
        "x",
        {"least": 1},
    )
    yield "minimize by autograd / by hand", autograd / best["by hand"], "x", {}
    yield (
        "minimize by autograd / on the normal matrix",
        autograd / best["normal matrix"],
        "x",
        {"least": 20},
    )
    yield (
        "minimize by autograd / the closed form",
        autograd / best["closed form"],
        "x",
        {"least": 1000},
    )
    few, all_points = (min(seconds_a_step(size) for _ in range(ROUNDS)) for size in (32, None))
    yield "a step on 10,000 points / a step on 32", all_points / few, "x", {}
    off = max(np.abs(log / logs["autograd"] - 1).max() for log in logs.values())
    yield "the five logs differ by, relatively, times 1e9", 1e9 * float(off), "", {"most": 1}
