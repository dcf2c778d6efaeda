"""The lecture's steps on a GPU: call by call, as one captured graph, and as one kernel.

Where there is no GPU, `measured` returns None. Times are taken with the device synchronized, once
more without that: the second is what a timer says that does not wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from learning import noisy_line

START, RATE, N, STEPS = (1.0260, -0.4221), 1e-3, 10_000, 100
ROUNDS = 15
FIRST, REST = 8192, 2048  # 10,240 points: the lecture's, in powers of two


def step(theta: Any, x: Any, y: Any) -> Any:
    """Take a step, with the gradient by hand."""
    residual = theta[0] * x + theta[1] - y
    return theta - RATE * torch.stack([2 * (residual * x).mean(), 2 * residual.mean()])


def eager(theta: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Return what takes all steps call by call."""

    def run() -> Any:
        now = theta
        for _ in range(STEPS):
            now = step(now, x, y)
        return now

    return run


def captured(theta: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Return what launches all steps at once, as a graph captured beforehand."""
    run = eager(theta, x, y)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = run()

    def replay() -> Any:
        graph.replay()
        return result

    return replay


def on_chip(theta: Any, x: Any, y: Any) -> Callable[[], Any] | None:
    """Return what takes all steps in one kernel that reads the points once; None without Triton."""
    try:
        from benchmarks.kernel import descend
    except ImportError:
        return None
    scale = torch.tensor([2 * RATE / N], dtype=torch.float64, device=x.device)
    out = torch.empty_like(theta)

    def run() -> Any:
        descend[(1,)](x, y, theta, out, scale, N, STEPS, first=FIRST, rest=REST, num_warps=16)
        return out

    return run


def seconds(run: Callable[[], Any], *, wait: bool) -> float:
    """Measure a run; without waiting, until the launches have been queued."""
    torch.cuda.synchronize()
    begin = time.perf_counter()
    run()
    if wait:
        torch.cuda.synchronize()
    return (time.perf_counter() - begin) / STEPS


def measured() -> dict[str, Any] | None:
    """Return medians and quartiles of a step's seconds for each way, or None without a GPU."""
    if not torch.cuda.is_available():
        return None
    drawn = noisy_line(N, generator=np.random.default_rng(1))
    x, y = (torch.from_numpy(v).cuda() for v in drawn)
    theta = torch.tensor(START, dtype=torch.float64, device="cuda")
    runs = {"eager": eager, "graph": captured, "kernel": on_chip}
    made = {name: make(theta, x, y) for name, make in runs.items()}
    ready = {name: run for name, run in made.items() if run}
    ends = {name: run().tolist() for name, run in ready.items()}  # and it warms up
    taken: dict[Any, Any] = {
        (name, wait): np.array([seconds(run, wait=wait) for _ in range(ROUNDS)])
        for name, run in ready.items()
        for wait in (True, False)
    }
    return {
        "device": torch.cuda.get_device_name(),
        "rounds": ROUNDS,
        "ends": ends,
        "steps": {name: quartiles(taken[name, True]) for name in ready},
        "unsynchronized": {name: quartiles(taken[name, False]) for name in ready},
        "ratios": {
            name: quartiles(taken["eager", True] / taken[name, True])
            for name in ready
            if name != "eager"
        },
    }


def quartiles(values: Any) -> dict[str, Any]:
    """Return the median and the quartiles."""
    low, middle, high = (float(f"{v:.4g}") for v in np.quantile(values, [0.25, 0.5, 0.75]))
    return {"median": middle, "quartiles": [low, high]}
