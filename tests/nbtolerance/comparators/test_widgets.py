"""Widgets. Oracle: the state that ipywidgets itself would save for the view."""

import base64
import copy

import ipywidgets
import pytest
from ipywidgets.embed import embed_data

from nbtolerance.comparators.widgets import WIDGETS, resolve_view
from nbtolerance.tolerance import Tolerance

from .test_pictures import png


def saved(widget):
    state = embed_data([widget], drop_defaults=False)["manager_state"]["state"]
    return resolve_view({"model_id": widget.model_id}, state)


def panel(value=1.5, options=("a", "b"), html="loss <b>0.5</b>", picture=None):
    slider = ipywidgets.FloatSlider(value=value, description="a")
    image = ipywidgets.Image(value=picture or png(), format="png")
    return ipywidgets.VBox(
        [slider, ipywidgets.Dropdown(options=options), ipywidgets.HTML(html), image]
    )


def causes(expected, got):
    return {d.cause for d in WIDGETS.compare(expected, got, Tolerance()).differences}


def test_two_runs_agree_though_their_ids_do_not():
    expected, got = saved(panel()), saved(panel(value=1.5000001, html="loss <b>0.5000001</b>"))
    assert not causes(expected, got)
    assert "IPY_MODEL_" not in str(expected)
    assert expected["model"] == "VBoxModel"
    assert expected["state"]["children"][0]["state"]["value"] == 1.5


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"value": 1.6}, "value"),
        ({"options": ("a", "c")}, "words"),
        ({"options": ("a",)}, "missing"),
        ({"html": "loss <b>0.6</b>"}, "value"),
        ({"html": "loss <i>0.5</i>"}, "layout"),
        ({"picture": png(at=40)}, "picture"),
    ],
)
def test_each_kind_of_damage_is_named(change, cause):
    assert causes(saved(panel()), saved(panel(**change))) == {cause}


def test_a_picture_in_the_state_is_compared_as_one():
    def state(at):
        data = "data:image/png;base64," + base64.b64encode(png(at=at)).decode()
        return {"1": {"model_name": "M", "state": {"pictures": [data]}}}

    expected, same, other = (resolve_view({"model_id": "1"}, state(at)) for at in (5, 5, 40))
    assert "base64" not in str(expected)
    assert not causes(expected, same)
    assert causes(expected, other) == {"picture"}


def test_versions_and_view_counts_are_no_results():
    state = {
        "1": {"model_name": "M", "state": {"_model_module_version": "2", "_view_count": 1, "n": 3}}
    }
    assert resolve_view({"model_id": "1"}, state) == {"model": "M", "state": {"n": 3}}


def test_cycles_end():
    state = {
        "a": {"model_name": "A", "state": {"child": "IPY_MODEL_b"}},
        "b": {"model_name": "B", "state": {"parent": "IPY_MODEL_a", "self": ["IPY_MODEL_b"]}},
    }
    b = {"model": "B", "state": {"parent": {"seen": 0}, "self": [{"seen": 1}]}}
    assert resolve_view({"model_id": "a"}, state) == {"model": "A", "state": {"child": b}}


def test_outputs_inside_an_output_widget_are_compared_as_outputs():
    def view(text):
        outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
        state = {"a": {"model_name": "OutputModel", "state": {"outputs": outputs, "msg_id": "x"}}}
        return resolve_view({"model_id": "a"}, copy.deepcopy(state))

    assert not causes(view("loss 0.5\n"), view("loss   0.5000001"))
    assert causes(view("loss 0.5\n"), view("loss 0.6")) == {"value"}
    assert causes(view("loss 0.5\n"), view("Loss 0.5")) == {"words"}


def test_a_view_without_its_state_is_never_passed():
    unresolved = WIDGETS.condense({"model_id": "a"})
    assert causes(unresolved, unresolved) == {"unknown"}
    assert causes(saved(panel()), unresolved) == {"unknown"}


def test_a_layout_that_is_not_at_its_defaults_is_compared():
    def slider(**how):
        return saved(ipywidgets.FloatSlider(layout=ipywidgets.Layout(**how)))

    assert slider()["state"].get("layout", {}) == {}
    assert slider(width="9em")["state"]["layout"]["state"]["width"] == "9em"
    assert causes(slider(width="9em"), slider(width="5em"))
