"""What a step of gradient descent costs, in several ways, beside what a model predicts.

``python -m benchmarks.cost`` measures and writes ``benchmarks/record/cost.json``, which the chapter
`book/optimization/cost.md` reads: commit it together with the chapter's new reference. All times
are the processor's for one thread, to which what else the machine does adds little. To the first
calls, the time of the programs that they start is added: a compiler works for one of them.
"""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch._inductor.config as inductor

from learning import devices, noisy_line
from learning.optimization import Roofline, line_gradient, line_quadratic, work

RECORD = Path(__file__).parent / "record" / "cost.json"
START, RATE = np.array([1.0260, -0.4221]), 1e-3
EMPTY = 2  # points of a step that is all floor
SIZES = (EMPTY, 32, 1000, 10_000, 100_000, 1_000_000)
LECTURE = 10_000  # its points, and its steps
ROUNDS, CHUNK = 31, 4e-3  # seconds in which a step is repeated, at least
# Arithmetic operations a point, and bytes if nothing but the step's own arrays is moved.
OPERATIONS = {"autograd": 12, "by hand": 6, "compiled": 6}
BYTES = {"by hand": 96, "compiled": 16}  # six passes over arrays, and one

Step = Callable[[Any], Any]
Clock = Callable[[], float]


def loss(theta: Any, x: Any, y: Any) -> Any:
    """Return the lecture's loss."""
    return ((theta[0] * x + theta[1] - y) ** 2).mean()


def step_by_autograd(theta: Any, x: Any, y: Any) -> Any:
    """Differentiate the loss by torch, and take a step."""
    leaf = theta.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(loss(leaf, x, y), leaf)
    return theta - RATE * gradient


def step_in_one(theta: Any, x: Any, y: Any) -> Any:
    """Take the step that `torch.compile` makes one loop over the points of."""
    residual = theta[0] * x + theta[1] - y
    return theta - RATE * torch.stack([2 * (residual * x).mean(), 2 * residual.mean()])


def points(n: int) -> tuple[Any, Any]:
    """Draw so many points of the lecture's."""
    return noisy_line(n, generator=np.random.default_rng(1))


def ways(n: int, compiled: Callable[..., Any]) -> dict[str, tuple[Step, Any]]:
    """Return each way to take a step on n points, and where it starts."""
    x, y = points(n)
    xt, yt = torch.from_numpy(x), torch.from_numpy(y)
    start = torch.from_numpy(START)
    found: dict[str, tuple[Step, Any]] = {
        "autograd": (lambda theta: step_by_autograd(theta, xt, yt), start),
        "by hand": (lambda theta: theta - RATE * line_gradient(theta[0], theta[1], x, y), START),
        "compiled": (lambda theta: compiled(theta, xt, yt), start),
    }
    if n == LECTURE:
        bowl = line_quadratic(x, y)
        found["normal matrix"] = (lambda theta: theta - RATE * bowl.gradient(theta), START)
    return found


def compiler() -> Callable[..., Any]:
    """Compile the step; what the compiler leaves behind is thrown away with the process."""
    inductor.compile_threads = 1  # in this process, which can then tell what it took
    return torch.compile(step_in_one, dynamic=True)


def bound(step: Step, theta: Any) -> Callable[[], Any]:
    """Return what takes a step from there."""
    return lambda: step(theta)


def with_children() -> float:
    """Read the processor's time of this process and of all programs that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def seconds(act: Callable[[], Any], times: int, clock: Clock = time.thread_time) -> float:
    """Measure what doing something once takes, by doing it several times."""
    begin = clock()
    for _ in range(times):
        act()
    return (clock() - begin) / times


def repetitions(act: Callable[[], Any]) -> int:
    """Say how often to repeat what shall take a chunk of time."""
    act()
    return max(1, round(CHUNK / min(seconds(act, 1) for _ in range(5))))


def rounds(acts: dict[Any, Callable[[], Any]]) -> dict[Any, Any]:
    """Measure everything in turns, several times; returns the seconds of each in each round."""
    times = {name: repetitions(act) for name, act in acts.items()}
    turns = [[warm(act, times[name]) for name, act in acts.items()] for _ in range(ROUNDS)]
    return dict(zip(acts, np.array(turns).T, strict=True))


def warm(act: Callable[[], Any], times: int) -> float:
    """Measure after a few more times, for what came between has taken the caches."""
    seconds(act, 3)
    return seconds(act, times)


def spread(values: Any) -> dict[str, Any]:
    """Return the median and the quartiles, to four digits."""
    low, middle, high = (float(f"{v:.4g}") for v in np.quantile(values, [0.25, 0.5, 0.75]))
    return {"median": middle, "quartiles": [low, high]}


def constants() -> dict[Any, Callable[[], Any]]:
    """Return what measures the machine: copies into new memory, and a product of matrices."""
    arrays = {n: points(n)[0] for n in SIZES}
    square = torch.from_numpy(np.random.default_rng(0).random((256, 256)))
    copies = {("copy", n): array.copy for n, array in arrays.items()}
    return {**copies, ("product", 256): lambda: square @ square}


def log(step: Step, theta: Any, every: int = 1000) -> list[float]:
    """Take the lecture's steps, and return the loss at each thousandth."""
    bowl, losses = line_quadratic(*points(LECTURE)), []
    for n in range(LECTURE):
        if n % every == 0:
            losses.append(bowl(np.asarray(theta)))
        theta = step(theta)
    return losses


def measured() -> dict[str, Any]:
    """Measure everything; returns the record."""
    devices.prepare()
    torch.set_num_threads(1)
    load = os.getloadavg()[0]
    compiled = compiler()
    lecture = ways(LECTURE, compiled)
    first = {name: seconds(bound(*way), 1, with_children) for name, way in lecture.items()}
    acts: dict[Any, Callable[[], Any]] = constants()
    for n in SIZES:
        acts |= {(name, n): bound(*way) for name, way in ways(n, compiled).items()}
    bowl, how = line_quadratic(*points(LECTURE)), {"steps": LECTURE, "log_every": 1000}
    acts["closed form", LECTURE] = lambda: bowl.descend(START, rate=RATE, **how)
    times = rounds(acts)
    times["closed form", LECTURE] = times["closed form", LECTURE] / LECTURE
    logs = {name: log(*way) for name, way in lecture.items()}
    logs["closed form"] = bowl.descend(START, rate=RATE, **how).losses.tolist()
    return {**described(load), **condensed(times, first), "logs": logs}


def described(load: float) -> dict[str, Any]:
    """Say what measured, when, and what else the machine did."""
    machine = {"processor": devices.processor_name(), "cores": os.cpu_count(), "threads": 1}
    versions = {"numpy": np.__version__, "torch": torch.__version__}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine,
        "versions": versions,
        "rounds": ROUNDS,
        "load": {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)},
    }


def bytes_a_point() -> dict[str, float]:
    """Return the bytes that each way moves for a further point."""
    start = torch.from_numpy(START)

    def moved(n: int) -> int:
        x, y = map(torch.from_numpy, points(n))
        return work(lambda: step_by_autograd(start, x, y))[1]

    return {**BYTES, "autograd": (moved(2000) - moved(1000)) / 1000}


def condensed(times: dict[Any, Any], first: dict[str, float]) -> dict[str, Any]:
    """Return the constants, the steps and the ratios: medians of the rounds."""
    bandwidth = {n: 16 * n / times["copy", n] for n in SIZES}
    speed = 2 * 256**3 / times["product", 256]
    moved, steps = bytes_a_point(), []
    for (way, n), taken in times.items():
        if way in ("copy", "product"):
            continue
        row = {"way": way, "n": n, **spread(taken)}
        if way in moved and n != EMPTY:
            floor = np.median(times[way, EMPTY])
            machine = Roofline(
                floor=floor, bandwidth=np.median(bandwidth[n]), speed=np.median(speed)
            )
            asked = {"bytes": moved[way] * n, "operations": OPERATIONS[way] * n}
            row["predicted"] = float(f"{machine.seconds(**asked):.4g}")
        steps.append(row)
    by = times["autograd", LECTURE]
    named = [*dict.fromkeys(way for way, _ in times if way not in ("copy", "product", "autograd"))]
    return {
        "bandwidth": {str(n): spread(values) for n, values in bandwidth.items()},
        "speed": spread(speed),
        "bytes": moved,
        "operations": OPERATIONS,
        "steps": steps,
        "first": {name: float(f"{taken:.4g}") for name, taken in first.items()},
        "ratios": {way: spread(by / times[way, LECTURE]) for way in named},
    }


def goals(record: dict[str, Any]) -> list[tuple[str, float, str, dict[str, float]]]:
    """Return name, value, unit and goal of each figure that `make bench` shows."""
    ratios = {way: row["median"] for way, row in record["ratios"].items()}
    rows: list[tuple[str, float, str, dict[str, float]]] = [
        ("a step by autograd / on the normal matrix", ratios["normal matrix"], "x", {"least": 20}),
        ("a step by autograd / of the closed form", ratios["closed form"], "x", {"least": 1000}),
        ("a step by autograd / by hand", ratios["by hand"], "x", {}),
        ("a step by autograd / compiled", ratios["compiled"], "x", {}),
    ]
    for row in record["steps"]:
        if "predicted" in row:
            name = f"{row['way']}, {row['n']} points: measured / predicted"
            off = row["median"] / row["predicted"]
            held = {"least": 0.5, "most": 2.0} if row["n"] <= LECTURE else {}
            rows.append((name, off, "x", held))
    return rows


def recorded() -> dict[str, Any]:
    """Read the record."""
    found: dict[str, Any] = json.loads(RECORD.read_text("utf8"))
    return found


def write(record: dict[str, Any]) -> None:
    """Write the record."""
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")


def main() -> None:
    """Measure, and write the record that the chapter reads; what a GPU took stays in it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
        record = measured()
    write({**record, "gpu": recorded()["gpu"]})
    for name, value, unit, goal in goals(record):
        print(f"{name:54} {value:9.3f} {unit} {goal or ''}")


if __name__ == "__main__":
    main()
