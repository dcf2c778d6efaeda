"""The record of what a step costs has the form that its page relies on, and holds together.

Oracles: the order of quartiles, the medians of the record itself for its ratios, and the closed
form for where the steps end.
"""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from benchmarks.cost import RATE, START, points
from benchmarks.gpu import AT_ONCE

from learning.optimization import line_quadratic

RECORD = json.loads(
    (Path(__file__).parents[2] / "benchmarks" / "record" / "cost.json").read_text("utf8")
)
WAYS = {"autograd", "by hand", "compiled", "normal matrix", "closed form"}


def spreads(node):
    """Find everything in the record that has quartiles."""
    if isinstance(node, dict):
        if "quartiles" in node:
            yield node
        for value in node.values():
            yield from spreads(value)
    elif isinstance(node, list):
        for value in node:
            yield from spreads(value)


def test_it_says_when_and_on_what_and_names_no_host():
    assert date.fromisoformat(RECORD["date"]) >= date(2026, 1, 1)
    assert set(RECORD["machine"]) == {"processor", "cores", "threads"}
    assert set(RECORD["versions"]) >= {"numpy", "torch"}
    assert RECORD["rounds"] >= 9
    assert all(load >= 0 for load in RECORD["load"].values())
    assert "/" not in json.dumps(RECORD)  # no path


def test_every_median_is_positive_and_between_its_quartiles():
    found = list(spreads(RECORD))
    assert len(found) > 20
    for each in found:
        low, high = each["quartiles"]
        assert 0 < low <= each["median"] <= high < math.inf


def test_there_is_a_step_for_every_way_and_size():
    steps = {(row["way"], row["n"]) for row in RECORD["steps"]}
    sizes = {2, 32, 1000, 10_000, 100_000, 1_000_000}
    assert {n for way, n in steps if way == "autograd"} == sizes
    assert {way for way, n in steps if n == 10_000} == WAYS
    assert set(RECORD["ratios"]) == WAYS - {"autograd"}
    assert {row["way"] for row in RECORD["steps"] if "predicted" in row} == set(RECORD["bytes"])


def test_the_ratios_are_near_those_of_the_medians():
    took = {row["way"]: row["median"] for row in RECORD["steps"] if row["n"] == 10_000}
    for way, ratio in RECORD["ratios"].items():
        assert ratio["median"] == pytest.approx(took["autograd"] / took[way], rel=0.5)


def test_all_ways_have_one_log():
    logs = np.array(list(RECORD["logs"].values()))
    assert set(RECORD["logs"]) == WAYS
    assert logs == pytest.approx(np.tile(logs[0], (5, 1)), rel=1e-9)


GPU = RECORD["gpu"]


def test_what_a_gpu_took_says_when_and_on_what():
    assert date.fromisoformat(GPU["date"]) >= date(2026, 1, 1)
    assert set(GPU["machine"]) == {"gpu", "processor", "cores"}
    assert set(GPU["versions"]) == {"numpy", "torch", "cuda", "triton"}
    assert GPU["rounds"] >= 9


def test_there_is_a_step_of_the_gpu_for_every_way_and_size():
    sizes = {2, 32, 1000, 10_000, 100_000, 1_000_000, 10_000_000}
    for kind in ("steps", "impatient"):
        found = {(row["way"], row["n"]) for row in GPU[kind]}
        for way in ("autograd", "call by call", "graph"):
            assert {n for name, n in found if name == f"GPU, {way}"} == sizes
        assert ("GPU, kernel", 10_000) in found
    assert {row["n"] for row in GPU["steps"] if row["way"] == "processor, by hand"} == sizes


def test_every_way_of_the_gpu_ends_where_the_closed_form_does():
    bowl = line_quadratic(*points(10_000))
    end = bowl.descend(START, rate=RATE, steps=AT_ONCE).final
    assert len(GPU["ends"]) == 4
    for there in GPU["ends"].values():
        assert there == pytest.approx(end, rel=1e-12)
