"""The figures of a run, by mouse and keyboard, on a page with no kernel.

Oracle: what the Python library computes for the settings that the page says it has.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning import Line, Momentum, fit, mean_squared_error
from learning.explorables import GradientDescent, Scrubber, StochasticDescent
from learning.explorables.base import bundle
from learning.optimization import least_squares_line

from .node import call
from .test_in_a_browser import NUMBER, drag, handle, numbers, three_digits, wait_for_drawing


def shown(value):
    return float(f"{value:.2f}") if abs(value) < 1e4 else float(f"{value:.1e}")


def line_and_loss(points, at):
    x, y = points
    loss = mean_squared_error(at[0] * x + at[1], y)
    return [*map(shown, at), three_digits(loss) if loss < 1e5 else float(f"{loss:.1e}")]


def state_of(page):
    wait_for_drawing(page)
    text = page.locator(".result output").inner_text()
    plain = re.sub(r",(?=\d{3})", "", text).replace("−", "-")
    return [float(number) for number in NUMBER.findall(plain)]


def visited(run):
    return np.vstack([run.parameters, run.final])


# Gradient descent.


@pytest.fixture
def descent(show, points):
    figure = GradientDescent(*points, start=(-1, 1), rate=0.1, steps=40, presets={"Slow": 1e-3})
    return show(figure, motion="reduce")


def expected_state(points, *, start, rate, steps, beta=0.0):
    rule = Momentum(rate=rate, beta=beta)
    at = start
    if steps:
        at = fit(Line(*start), mean_squared_error, *points, rule, steps=steps)[1].final
    return [steps, *line_and_loss(points, at)]


def test_a_step_at_a_time(descent, points):
    button = descent.get_by_role("button", name="One step")
    button.press("Enter")
    button.click()
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=2)
    descent.get_by_role("button", name="Reset").click()
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=0)


def test_with_reduced_motion_play_goes_to_the_end_at_once(descent, points):
    descent.get_by_role("button", name="Play").click()
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=40)


def test_play_and_pause(show, points):
    page = show(GradientDescent(*points, start=(-1, 1), rate=0.1, steps=500))
    page.get_by_role("button", name="Play").click()
    pause = page.get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    page.wait_for_timeout(400)
    pause.click()
    state = state_of(page)
    assert 0 < state[0] < 500
    assert state == expected_state(points, start=(-1, 1), rate=0.1, steps=int(state[0]))
    page.wait_for_timeout(300)
    assert state_of(page) == state


def test_a_run_that_is_played_comes_to_its_end(show, points):
    page = show(GradientDescent(*points, start=(-1, 1), rate=0.1, steps=20))
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".result output")).to_contain_text("After 20 steps", timeout=20_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_role("button", name="One step")).to_be_disabled()


def test_a_step_can_be_chosen(descent, points):
    descent.get_by_label("shown step").fill("17")
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=17)


def test_the_number_of_steps_can_be_chosen(descent, points):
    descent.get_by_label("steps", exact=True).press("ArrowRight")
    descent.get_by_role("button", name="Play").click()
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=100)


def test_the_start_can_be_moved(descent, points):
    grip = handle(descent, "where the run starts")
    grip.press("ArrowRight")
    grip.press("ArrowUp")
    descent.get_by_role("button", name="Play").click()
    assert state_of(descent) == expected_state(points, start=(-0.95, 1.05), rate=0.1, steps=40)
    drag(descent, grip, 60, -20)
    step, a, b, _ = state_of(descent)
    assert step == 0
    assert a > 0
    assert b > 1.2


def test_momentum_can_be_set(descent, points):
    descent.get_by_label("momentum").fill("0.8")
    descent.get_by_role("button", name="Play").click()
    assert state_of(descent) == expected_state(points, start=(-1, 1), rate=0.1, steps=40, beta=0.8)


def test_a_rate_that_has_a_button_is_tried_at_once(descent, points):
    figure = GradientDescent(*points)
    for name, rate in (
        ("Slow", 1e-3),
        ("The best rate", figure.best_rate),
        ("Too large", 1.02 * figure.largest_rate),
    ):
        descent.get_by_role("button", name=name).click()
        assert state_of(descent) == expected_state(points, start=(-1, 1), rate=rate, steps=40)
        diverges = "diverges" in descent.locator(".why").inner_text()
        assert diverges is (name == "Too large")


def test_below_the_bound_a_run_settles_and_beyond_it_diverges(descent, points):
    bound = GradientDescent(*points).largest_rate
    slider, why = descent.get_by_label("learning rate"), descent.locator(".why")
    assert numbers(descent.locator(".scale .limit"))[-1] == three_digits(bound)
    losses = {}
    for rate in (0.76, 0.813):
        slider.fill(str(round(200 * np.log10(rate))))
        descent.get_by_role("button", name="Reset").click()
        descent.get_by_role("button", name="Play").click()
        step, _, _, losses[rate] = state_of(descent)
        chosen = numbers(descent.locator(".slider output").first)[0]
        expected = expected_state(points, start=(-1, 1), rate=chosen, steps=40)
        assert losses[rate] == expected[-1]
        assert step == 40
        assert ("diverges" in why.inner_text()) is (chosen >= bound)
    assert (
        losses[0.813] > expected_state(points, start=(-1, 1), rate=0.1, steps=0)[-1] > losses[0.76]
    )


@pytest.mark.parametrize("beta", [0.0, 0.3])
@pytest.mark.parametrize("mark", ["limit", "best"])
def test_the_rates_that_matter_are_marked_where_the_slider_would_be(show, points, beta, mark):
    figure = GradientDescent(*points, beta=beta)
    page = show(figure)
    rate = {"limit": figure.largest_rate, "best": figure.best_rate}[mark]
    box = page.get_by_label("learning rate").bounding_box()
    place = page.locator(f".scale .{mark}").bounding_box()
    share = np.log10(rate / 0.001) / np.log10(2 / 0.001)
    expected = box["x"] + 8 + share * (box["width"] - 16)
    assert place["x"] + place["width"] == pytest.approx(expected, abs=2.5)


def test_reaching_the_goal_is_noticed_and_the_fewest_steps_are_kept(descent, points):
    x, y = points
    best = least_squares_line(x, y)
    goal = 1.01 * mean_squared_error(best[0] * x + best[1], y)

    def steps_at(rate):
        rule = Momentum(rate=rate, beta=0)
        run = fit(Line(-1, 1), mean_squared_error, x, y, rule, steps=100)[1]
        return int(np.argmax(run.losses <= goal))

    task, slider = descent.locator(".task"), descent.get_by_label("learning rate")
    expect(task).to_contain_text("in as few steps as you can")
    descent.get_by_label("steps", exact=True).press("ArrowRight")  # to 100
    fewest = 100
    for position in (-50, -35, -60):
        slider.fill(str(position))
        wait_for_drawing(descent)
        chosen = numbers(descent.locator(".slider output").first)[0]
        descent.get_by_role("button", name="Reset").click()
        descent.get_by_role("button", name="Play").click()
        wait_for_drawing(descent)
        fewest = min(fewest, steps_at(chosen))
        assert numbers(task)[1:] == [steps_at(chosen), fewest]
    descent.get_by_role("button", name="Reset").click()
    expect(task).to_contain_text("in as few steps as you can")


def test_the_line_moves_with_the_run(descent):
    line = descent.locator("path.line")
    before = line.get_attribute("d")
    descent.get_by_role("button", name="One step").click()
    wait_for_drawing(descent)
    assert line.get_attribute("d") != before


def test_ten_thousand_steps_are_drawn_in_fewer_places(show, points):
    figure = GradientDescent(*points, start=(-1, 1), rate=1e-3, steps=10_000, step=10_000)
    page = show(figure)
    assert page.locator("path.dots").get_attribute("d").count("M") < 1500
    assert state_of(page) == expected_state(points, start=(-1, 1), rate=1e-3, steps=10_000)


# Stochastic gradient descent.

SETTINGS = {"start": (6.0, 6.5), "rate": 0.2, "batch_size": 4, "steps": 30}


@pytest.fixture
def stochastic(show, points):
    return show(StochasticDescent(*points, **SETTINGS), motion="reduce")


def stochastic_state(points, step, **settings):
    figure = StochasticDescent(*points, **{**SETTINGS, **settings})
    return [step, *line_and_loss(points, visited(figure.trajectory)[step])]


def test_a_run_on_batches_is_the_one_that_follows_from_the_seed(stochastic, points):
    stochastic.get_by_role("button", name="One step").click()
    stochastic.get_by_role("button", name="One step").press("Enter")
    assert state_of(stochastic)[:-1] == stochastic_state(points, 2)
    stochastic.get_by_role("button", name="Play").click()
    assert state_of(stochastic)[:-1] == stochastic_state(points, 30)


def test_size_and_rate_and_schedule_can_be_set(stochastic, points):
    stochastic.get_by_label("shown step").fill("20")
    stochastic.get_by_label("batch size").press("ArrowRight")
    assert state_of(stochastic)[:-1] == stochastic_state(points, 20, batch_size=8)
    stochastic.get_by_label("learning rate").fill(str(round(200 * np.log10(0.1))))
    assert state_of(stochastic)[:-1] == stochastic_state(points, 20, batch_size=8, rate=0.1)
    stochastic.get_by_role("button", name="Decreasing rate").click()
    expected = stochastic_state(points, 20, batch_size=8, rate=0.1, decreasing=True)
    assert state_of(stochastic)[:-1] == expected
    pressed = stochastic.locator("button[aria-pressed=true]")
    expect(pressed).to_have_text(["Without replacement", "Decreasing rate"])


def test_the_way_of_drawing_can_be_chosen(stochastic, points):
    stochastic.get_by_label("shown step").fill("13")
    for button, drawing in (("With replacement", "with"), ("Epochs", "epochs")):
        stochastic.get_by_role("button", name=button).click()
        assert state_of(stochastic)[:-1] == stochastic_state(points, 13, drawing=drawing)
    assert numbers(stochastic.locator(".looked"))[2:] == [2, 2, 12]  # 12 batches of 4 an epoch


def test_the_points_of_the_batch_are_lit_and_a_new_batch_lights_others(stochastic, points):
    def lit():
        wait_for_drawing(stochastic)
        return stochastic.locator("path.lit").get_attribute("d")

    stochastic.get_by_label("shown step").fill("3")
    first, ghost = lit(), stochastic.locator("path.ghost").get_attribute("d")
    assert first.count("M") == 4
    before = state_of(stochastic)
    stochastic.get_by_role("button", name="New batch").click()
    assert lit() != first
    assert stochastic.locator("path.ghost").get_attribute("d") != ghost
    assert state_of(stochastic) == before  # no step has been made
    stochastic.get_by_role("button", name="One step").click()
    assert state_of(stochastic)[:-1] == stochastic_state(points, 4, passed=[3])


def test_the_points_that_were_looked_at_are_counted(stochastic):
    stochastic.get_by_label("shown step").fill("7")
    wait_for_drawing(stochastic)
    assert numbers(stochastic.locator(".looked")) == [7 * 4, 7 * 50]


def test_the_start_of_a_run_on_batches_can_be_moved(stochastic, points):
    handle(stochastic, "where the run starts").press("Shift+ArrowLeft")
    stochastic.get_by_role("button", name="Play").click()
    assert state_of(stochastic)[:-1] == stochastic_state(points, 30, start=(5.5, 6.5))


def test_a_batch_of_all_points_has_the_contours_of_all(stochastic, points):
    stochastic.get_by_label("batch size").press("End")
    wait_for_drawing(stochastic)
    stochastic.get_by_role("button", name="Play").click()
    rule = Momentum(rate=0.2, beta=0)
    run = fit(Line(6.0, 6.5), mean_squared_error, *points, rule, steps=30)[1]
    assert state_of(stochastic)[:-1] == [30, *line_and_loss(points, run.final)]


# The scrubber.


@pytest.fixture
def scrubber(show, points):
    return show(Scrubber(*points, start=(-1, 1), rate=0.01, steps=200, frames=20), motion="reduce")


def frames_of(figure, tmp_path):
    """The steps at which the run is shown, by the script; its own oracle is in test_descent."""
    x, y = (np.array(values) for values in (figure.x, figure.y))
    path = visited(figure.trajectory)
    best = least_squares_line(x, y)
    losses = np.array([mean_squared_error(a * x + b, y) for a, b in path])
    excess = losses - mean_squared_error(best[0] * x + best[1], y)
    calls = [("byLoss", excess.tolist(), figure.frames), ("byTime", figure.steps, figure.frames)]
    return path, call(bundle("descent.js"), calls, tmp_path)


def test_a_frame_shows_the_run_at_its_step(scrubber, points, tmp_path):
    figure = Scrubber(*points, start=(-1, 1), rate=0.01, steps=200, frames=20)
    path, (even_in_loss, even_in_time) = frames_of(figure, tmp_path)
    for button, steps in (("Even in loss", even_in_loss), ("Even in time", even_in_time)):
        scrubber.get_by_role("button", name=button).click()
        for frame in (0, 5, len(steps) - 1):
            scrubber.get_by_label("frame", exact=True).fill(str(frame))
            at = steps[frame]
            expected = [frame, len(steps) - 1, at, *line_and_loss(points, path[at])]
            assert state_of(scrubber) == expected


def test_frames_are_turned_by_buttons(scrubber):
    scrubber.get_by_role("button", name="Next frame").click()
    assert state_of(scrubber)[0] == 1
    scrubber.get_by_role("button", name="Play").click()
    frame, last = state_of(scrubber)[:2]
    assert frame == last
    scrubber.get_by_role("button", name="Reset").click()
    assert state_of(scrubber)[0] == 0


def test_the_start_of_a_scrubbed_run_can_be_dragged(scrubber, points):
    drag(scrubber, handle(scrubber, "where the run starts"), 30, -20)
    frame, _, step, a, b, loss = state_of(scrubber)
    assert (frame, step) == (0, 0)
    assert a > -1
    assert b > 1
    assert [a, b, loss] == line_and_loss(points, (a, b))


def test_a_rate_that_is_too_large_can_be_scrubbed_too(scrubber, points):
    scrubber.get_by_label("learning rate").fill(str(round(200 * np.log10(0.8))))
    scrubber.get_by_label("steps", exact=True).fill("1")  # the second stop, 20
    scrubber.get_by_role("button", name="Even in time").click()
    run = fit(Line(-1, 1), mean_squared_error, *points, Momentum(rate=0.8, beta=0), steps=20)[1]
    for frame in (1, 8, 20):  # each is a step
        scrubber.get_by_label("frame", exact=True).fill(str(frame))
        assert state_of(scrubber) == [frame, 20, frame, *line_and_loss(points, visited(run)[frame])]
    assert state_of(scrubber)[-1] > line_and_loss(points, (-1, 1))[-1]


def test_a_run_can_have_again_the_steps_that_it_began_with(show, points):
    steps = show(Scrubber(*points, steps=1200)).get_by_label("steps", exact=True)
    steps.press("ArrowRight")
    expect(steps).to_have_attribute("aria-valuetext", "2,000")
    steps.press("ArrowLeft")
    expect(steps).to_have_attribute("aria-valuetext", "1,200")
    steps.press("ArrowLeft")
    expect(steps).to_have_attribute("aria-valuetext", "1,000")
