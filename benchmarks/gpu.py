"""The lecture's steps on a GPU, in several ways, beside the processor of the same machine.

``python -m benchmarks.gpu`` measures where there is a GPU, and writes the part ``gpu`` of the
record of `benchmarks.cost`, which the chapter reads. All times are the clock's, since a processor
that waits for a GPU, or that uses many cores, has no other; nothing else should run beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks import cost
from benchmarks.cost import LECTURE, RATE, START, points, spread
from learning import devices
from learning.optimization import line_gradient

SIZES = (*cost.SIZES, 10_000_000)
AT_ONCE = 100  # steps in a run, on the GPU
ROUNDS, CHUNK = 15, 4e-3  # seconds in which steps are repeated, at least
FIRST, REST = 8192, 2048  # the kernel's points: the lecture's, in powers of two
SIDE = 4096  # of the matrices whose product tells the speed


@dataclass(frozen=True)
class Way:
    """A way to take steps: what takes some of them, how many, where, and with how many threads."""

    run: Callable[[], Any]
    steps: int = 1
    device: str = "cpu"
    threads: int = 1


def repeated(step: Callable[[Any], Any], theta: Any) -> Callable[[], Any]:
    """Return what takes the steps one after the other."""

    def run() -> Any:
        now = theta
        for _ in range(AT_ONCE):
            now = step(now)
        return now

    return run


def captured(run: Callable[[], Any]) -> Callable[[], Any]:
    """Return what launches all that a run launches at once, as a graph captured beforehand."""
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


def on_chip(theta: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Return what takes all steps in one kernel that reads the points once."""
    from benchmarks.kernel import descend

    scale = torch.tensor([2 * RATE / len(x)], dtype=torch.float64, device=x.device)
    out = torch.empty_like(theta)
    sizes = {"first": FIRST, "rest": REST, "num_warps": 16}

    def run() -> Any:
        descend[(1,)](x, y, theta, out, scale, len(x), AT_ONCE, **sizes)
        return out

    return run


def ways(n: int) -> dict[str, Way]:
    """Return each way to take the lecture's steps on n points."""
    drawn = points(n)
    x, y, theta = (torch.from_numpy(v) for v in (*drawn, START))
    cores = os.cpu_count() or 1

    def by_hand(at: Any) -> Any:
        return at - RATE * line_gradient(at[0], at[1], *drawn)

    on_cpu = {
        "processor, autograd": Way(lambda: cost.step_by_autograd(theta, x, y)),
        "processor, by hand": Way(lambda: by_hand(START)),
        "processor, all cores": Way(lambda: cost.step_in_one(theta, x, y), threads=cores),
    }
    return on_cpu | {name: Way(run, AT_ONCE, "cuda") for name, run in on_gpu(x, y, theta).items()}


def on_gpu(x: Any, y: Any, theta: Any) -> dict[str, Callable[[], Any]]:
    """Return what takes all steps on a GPU, in each way."""
    x, y, theta = (v.cuda() for v in (x, y, theta))
    call_by_call = repeated(lambda at: cost.step_in_one(at, x, y), theta)
    found = {
        "GPU, autograd": repeated(lambda at: cost.step_by_autograd(at, x, y), theta),
        "GPU, call by call": call_by_call,
        "GPU, graph": captured(call_by_call),
    }
    if len(x) == LECTURE:
        found["GPU, kernel"] = on_chip(theta, x, y)
    return found


def copies(n: int) -> Way:
    """Return what copies n numbers on the GPU, again and again."""
    source = torch.from_numpy(points(n)[0]).cuda()
    target = torch.empty_like(source)
    return Way(captured(repeated(lambda _: target.copy_(source), None)), AT_ONCE, "cuda")


def product() -> Way:
    """Return what multiplies two matrices on the GPU."""
    square = torch.from_numpy(np.random.default_rng(0).random((SIDE, SIDE))).cuda()
    return Way(lambda: square @ square, device="cuda")


def seconds(way: Way, times: int) -> float:
    """Measure a step, or a copy, with the device waited for."""
    torch.set_num_threads(way.threads)
    for _ in range(max(1, times // 10)):  # what came between has taken the caches
        way.run()
    with devices.timed(way.device) as elapsed:
        for _ in range(times):
            way.run()
    return elapsed.seconds / (times * way.steps)


def impatient_seconds(way: Way) -> float:
    """Measure a step as a clock does that does not wait for the GPU."""
    way.run()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    way.run()
    return (time.perf_counter() - begin) / way.steps


def repetitions(way: Way) -> int:
    """Say how often to repeat what shall take a chunk of time."""
    shortest = min(seconds(way, 1) for _ in range(5)) * way.steps
    return max(1, round(CHUNK / shortest))


def measured() -> dict[str, Any]:
    """Measure everything, in turns; returns the record."""
    devices.prepare()
    load = os.getloadavg()[0]
    taken: dict[Any, Way] = {(name, n): way for n in SIZES for name, way in ways(n).items()}
    early = {key: way for key, way in taken.items() if way.device == "cuda"}
    ends = {name: way.run().tolist() for (name, n), way in early.items() if n == LECTURE}
    taken |= {("copy", n): copies(n) for n in SIZES} | {("product", SIDE): product()}
    times = {key: repetitions(way) for key, way in taken.items()}
    rounds: list[list[float]] = []
    hasty: list[list[float]] = []
    for _ in range(ROUNDS):
        rounds.append([seconds(way, times[key]) for key, way in taken.items()])
        hasty.append([impatient_seconds(way) for way in early.values()])
    took = dict(zip(taken, np.array(rounds).T, strict=True))
    return {
        **described(load),
        "ends": ends,
        "bytes": cost.BYTES["by hand"],  # of a step call by call as well: six passes over arrays
        "bandwidth": {str(n): spread(16 * n / took["copy", n]) for n in SIZES},
        "speed": spread(2 * SIDE**3 / took["product", SIDE]),
        "steps": rows(took),
        "impatient": rows(dict(zip(early, np.array(hasty).T, strict=True))),
    }


def rows(took: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return way, n, median and quartiles of each of the steps."""
    return [
        {"way": way, "n": n, **spread(values)}
        for (way, n), values in took.items()
        if way not in ("copy", "product")
    ]


def described(load: float) -> dict[str, Any]:
    """Say what measured, when, and what else the machine did."""
    import triton

    known = cost.described(load)
    machine = {"gpu": torch.cuda.get_device_name(0), **known["machine"]}
    del machine["threads"]  # one way uses them all
    versions = {"cuda": torch.version.cuda, "triton": triton.__version__}
    return {
        **known,
        "machine": machine,
        "versions": {**known["versions"], **versions},
        "rounds": ROUNDS,
    }


def goals(record: dict[str, Any]) -> list[tuple[str, float, str, dict[str, float]]]:
    """Return name, value, unit and goal of each figure that `make bench` shows."""
    took = {(row["way"], row["n"]): row["median"] for row in record["steps"]}
    asked = took["GPU, call by call", LECTURE]
    best = min(seconds for (way, n), seconds in took.items() if n == LECTURE and "GPU" in way)
    figures: list[tuple[str, float, str, dict[str, float]]] = [
        ("a step on a GPU, call by call / the best way", asked / best, "x", {"least": 10})
    ]
    for (way, n), seconds in took.items():
        name = f"{way}, {n} points: by hand on the processor / it"
        figures.append((name, took["processor, by hand", n] / seconds, "x", {}))
    return figures


def main() -> None:
    """Measure, and write it into the record."""
    record = measured()
    cost.write({**cost.recorded(), "gpu": record})
    for name, value, unit, goal in goals(record):
        print(f"{name:72} {value:9.3f} {unit} {goal or ''}")


if __name__ == "__main__":
    main()
