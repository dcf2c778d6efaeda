"""A bowl under the axes of a rule. Oracle: `learning.optimization`, on the turned bowl."""

import numpy as np
import pytest

from learning.explorables import TurnedBowl
from learning.explorables.turned_bowl import KINDS
from learning.optimization import steps_until

from .node import call
from .test_in_a_browser import wait_for_drawing

HESSIAN, START = [[0.7, 1.0], [1.0, 2.0]], [-2.0, -8.4]
TWELVE_DIGITS = 1e-12


def figure(**traits):
    return TurnedBowl(HESSIAN, START, **traits)


def test_a_run_is_that_of_the_library(tmp_path):
    settings = [(rule, turn) for rule in KINDS for turn in (0, -61, 90)]
    how = {"hessian": HESSIAN, "start": START, "rate": 0.05, "steps": 40}
    calls = [("search", {**how, "rule": rule, "turn": turn}) for rule, turn in settings]
    for (rule, turn), got in zip(settings, call(TurnedBowl._esm, calls, tmp_path), strict=True):
        shown = figure(rule=rule, turn=turn, rate=0.05, steps=40)
        run = shown.trajectory
        assert np.allclose(got["hessian"], shown.turned()[0].hessian, rtol=0, atol=TWELVE_DIGITS)
        assert np.allclose(got["path"][:-1], run.parameters, rtol=0, atol=1e-11), (rule, turn)
        assert np.allclose(got["excess"][:-1], run.losses, rtol=1e-10, atol=1e-11), (rule, turn)


def test_what_is_remembered_and_what_is_said_of_the_angles(tmp_path):
    calls = [
        ("remembered", "adam", [[-3.0, 1.0], [0.004, 0.009]], 1),
        ("remembered", "adagrad", [[4.0, 9.0]], 7),
        ("remembered", "descent", [], 7),
    ]
    adam, adagrad, descent = call(TurnedBowl._esm, calls, tmp_path)
    assert adam["means"] == [3.0, 1.0]
    assert adam["roots"] == pytest.approx([2.0, 3.0])  # corrected by 1 - 0.999
    assert (adagrad["roots"], adagrad["means"]) == ([2.0, 3.0], [])
    assert (descent["roots"], descent["means"]) == ([], [])
    wrapper = "\nexport const of = (counts) => compared('Adam', 0.1, new Map(counts));"
    tried = [[[0, 5]], [[0, 5], [1, 5]], [[0, 5], [1, 7]], [[0, 5], [1, -1]], [[0, -1], [1, -1]]]
    said = call(TurnedBowl._esm + wrapper, [("of", counts) for counts in tried], tmp_path)
    assert [text.partition("0.1")[2] for text in said] == [
        ": turn the bowl, and see whether the number of steps changes.",
        ", at 2 angles: 5 steps at each.",
        ", at 2 angles: from 5 to 7 steps.",
        ", at 2 angles: 5 steps at each, and at 1 it does not arrive.",
        ", at 2 angles: arrives at none of them.",
    ]


def needed(**traits):
    return int(steps_until(figure(**traits).trajectory, 1e-6))


def test_the_reader_turns_the_bowl_and_changes_the_rule(show):
    page = show(figure(turn=25), motion="reduce")
    result, task = page.locator(".result"), page.locator(".task")
    wait_for_drawing(page)
    assert f"there after {needed(turn=25):,} steps" in result.inner_text()
    turn = page.get_by_role("slider", name="turned by")
    for _ in range(4):  # an angle counts when it has been drawn
        turn.press("ArrowRight")
        wait_for_drawing(page)
    assert f"Turned by 29°: there after {needed(turn=29):,} steps" in result.inner_text()
    assert "at 5 angles: from" in page.locator(".angles").inner_text()
    assert task.inner_text().startswith("Goal reached") == (needed(turn=29) <= 300)
    page.get_by_role("button", name="Descent").click()
    wait_for_drawing(page)
    turn.press("ArrowLeft")
    wait_for_drawing(page)
    same = needed(rule="descent")
    assert f"at 2 angles: {same:,} steps at each" in page.locator(".angles").inner_text()
    assert task.inner_text().startswith("Goal: arrive within 300 steps, with Adam")
    page.get_by_role("button", name="AdaGrad").click()
    page.get_by_role("button", name="Play").click()
    wait_for_drawing(page)
    assert "A rate for each parameter: 0." in page.locator(".own").inner_text()
    assert page.locator("path.roots.slope").get_attribute("d").startswith("M")


def test_the_still_shows_path_and_losses():
    kind, picture = figure().still()
    assert kind == "image/svg+xml"
    assert picture.count("<svg") == 1
    assert len(figure().static_figure().axes[1].lines) == 2


@pytest.mark.parametrize(
    ("hessian", "start", "message"),
    [
        ([[1.0, 2.0], [2.0, 1.0]], START, "positive eigenvalues"),
        ([[1.0, 0.5], [0.0, 1.0]], START, "symmetric"),
        (HESSIAN, [1.0, np.nan], "two finite numbers"),
    ],
)
def test_what_is_refused(hessian, start, message):
    with pytest.raises(ValueError, match=message):
        TurnedBowl(hessian, start)
