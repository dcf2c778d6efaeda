"""Times, dates and durations are left out of a cell that is marked so, and nothing else is."""

import pytest

from nbtolerance.comparators.times import ignoring_times, without_times

TIMES = [
    ("2026-01-31 09:30:15,123 INFO fitted", "2025-12-01 23:59:59,004 INFO fitted"),
    ("at 2026-01-31T09:30:15.5+01:00.", "at 2025-12-01T01:02:03Z."),
    ("on 2026-01-31", "on 2025/12/01"),
    ("on 31.1.2026, 9:30", "on 1/12/2025"),
    ("Sat Jan 31 09:30:15 2026", "Mon Dec  1 23:59:59 2025"),
    ("31 January 2026", "Dec. 1, 2025"),
    ("09:30", "1 day, 0:00:05"),
    ("9:30 pm", "11:45 AM"),
    ("datetime.datetime(2026, 1, 31, 9, 30)", "datetime.datetime(2025, 12, 1, 1, 2)"),
    ("Wall time: 3 µs", "Wall time: 1.25 ms"),
    ("12.3 µs ± 45 ns per loop (10,000 loops each)", "1.2 ms ± 3 μs per loop (100 loops each)"),
    ("took 3 seconds", "took 0.5 s"),
]


@pytest.mark.parametrize(("a", "b"), TIMES)
def test_other_times_are_the_same_text(a, b):
    assert without_times(a) == without_times(b)
    assert without_times(a) != a


@pytest.mark.parametrize(
    "text",
    [
        "loss 0.5",
        "3 steps",
        "ratio 3:1",
        "12 samples",
        "2026",
        "v1.2.3",
        "5 m",
        "a[1:30:2]",
        "3 shapes",
    ],
)
def test_what_is_no_time_is_left(text):
    assert without_times(text) == text


def test_numbers_in_json_and_pictures_are_left():
    data = {"text/plain": "at 9:30", "text/html": {"markup": "<b>9:30</b>", "media": []}}
    kept = {"image/png": {"thumbnail": "9:30"}, "application/json": ["9:30"]}
    (output,) = ignoring_times([{"output_type": "display_data", "data": {**data, **kept}}])
    assert output["data"] == {
        "text/plain": "at a time",
        "text/html": {"markup": "<b>a time</b>", "media": []},
        **kept,
    }
    strange = [5, {"output_type": "stream", "text": 5}, {"data": [1]}, {}]
    assert ignoring_times(strange) == strange
