"""What the property tests share: JSON of any nesting, numbers moved by a share of a tolerance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from nbtolerance.tolerance import Tolerance

TOLERANCE = Tolerance(rtol=1e-6, atol=1e-9, scale=0.0)  # so that a number's rule is its own

QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Large enough that a share of the tolerance is not lost in the last bit.
floats = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-6)
scalars = st.none() | st.booleans() | st.integers() | floats | st.text(max_size=5)
special = st.sampled_from([math.nan, math.inf, -math.inf, "NaN", "Infinity", "-Infinity"])


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        ),
        max_leaves=12,
    )


def moved(value: float, share: float, tolerance: Tolerance = TOLERANCE) -> float:
    """The value, moved by a share of what is allowed."""
    return value + share * tolerance.allowed(value)


def map_floats(data: Any, change: Callable[[float], float]) -> Any:
    if isinstance(data, list):
        return [map_floats(item, change) for item in data]
    if isinstance(data, dict):
        return {key: map_floats(item, change) for key, item in data.items()}
    return change(data) if isinstance(data, float) and math.isfinite(data) else data


def leaves(data: Any) -> Iterator[Any]:
    if isinstance(data, (list, dict)):
        for item in data.values() if isinstance(data, dict) else data:
            yield from leaves(item)
    else:
        yield data
