"""Widgets: each becomes live when it comes near; until then, and without JavaScript, a picture.

A widget of anywidget brings all that it needs, and `widgets.js` gives it a model, with no library.
A core widget of ipywidgets would need one of almost a megabyte, and mostly a kernel, too: it stays
a picture, and is warned about. The page's data hold the widgets that are live on it, those that
they refer to, and no others. Pictures among the data become files, loaded when they are shown.

A widget has a text alternative: the ``alt`` of its cell's ``mystnb: image``, or else the widget's
own trait of that name. If its cell's output has a picture beside the widget, the picture is shown
where there is no JavaScript, and until the widget is live.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from booksite import media
from booksite.page import Page

LOGGER = logging.getLogger(__name__)

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
Models = dict[str, dict[str, Any]]  # by id: module, name and state

_REFERENCE = re.compile(r"IPY_MODEL_([\w-]+)")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _load_nothing_by_default)
    app.add_post_transform(FrameWidgets)


def _load_nothing_by_default(app: Sphinx, config: Config) -> None:
    config["nb_ipywidgets_js"] = {}


class FrameWidgets(SphinxPostTransform):
    """Frame each widget with the alt of its cell, and keep a picture that comes with it.

    MyST-NB chooses one form of an output, later: the picture is moved out of its reach.
    """

    default_priority = 3  # MyST-NB's choice has 4

    def run(self, **kwargs: Any) -> None:
        """Frame the widgets of a page."""
        for bundle in list(self.document.findall(_is_bundle)):
            forms = {child["mime_type"]: child for child in bundle.children}
            if VIEW not in forms:
                continue
            said = alt_of_cell(bundle)
            for raw in forms[VIEW].findall(nodes.raw):
                raw.children = [nodes.Text(f"{_opening(said)}{raw.astext()}</div>")]
            still = next((forms[kind] for kind in PICTURES if kind in forms), None)
            if still:
                bundle.remove(still)
                kept = nodes.container("", *still.children, classes=["widget-still"])
                bundle.parent.insert(bundle.parent.index(bundle) + 1, kept)


def _is_bundle(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"


def alt_of_cell(node: nodes.Node | None) -> str:
    """Return the alt that the metadata of the cell around a node give, empty where they do not."""
    while node is not None and not (isinstance(node, nodes.Element) and "cell_metadata" in node):
        node = node.parent
    options = node["cell_metadata"].get("mystnb", {}) if node is not None else {}
    return str(options.get("image", {}).get("alt", "")).strip()


def _opening(said: str) -> str:
    label = f' aria-label="{escape(said)}"' if said else ""
    return f'<div class="widget-frame" role="group"{label}>'


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Name each widget, and load the script that waits for one to come near."""
    views, state = soup.select(f'script[type="{VIEW}"]'), soup.select_one(f'script[type="{STATE}"]')
    models = parse_models(state.string) if state and state.string else {}
    live = [_model_id(view) for view in views if _furnish(view, models, page)]
    if not live:
        if state:
            state.decompose()
        return
    assert state
    assert soup.head
    shown = _with_files(reachable(models, live), page)
    data = {**json.loads(state.string or ""), "state": shown}
    state.string = json.dumps(data, separators=(",", ":")).replace("</", "<\\/")
    soup.head.append(soup.new_tag("script", attrs={"src": page.static("booksite/widgets.js")}))


def _with_files(value: Any, page: Page) -> Any:
    """Return widgets' data with files in the place of pictures."""
    if isinstance(value, dict):
        return {key: _with_files(item, page) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_files(item, page) for item in value]
    return media.as_file(value, page) if isinstance(value, str) else value


def _furnish(view: Tag, models: Models, page: Page) -> bool:
    """Name a widget, and give it its still picture; return whether it is live on a page."""
    frame = view.parent
    assert frame
    if not frame.get("aria-label"):
        frame["aria-label"] = alternative(view.string or "{}", models)
    if still := _still_behind(frame):
        frame.insert(0, still.extract())
    if all(is_light(model) for model in reachable(models, [_model_id(view)]).values()):
        return True
    text = "a core widget of ipywidgets is not live on a page: take one of anywidget"
    LOGGER.warning(text, location=page.name, type="booksite", subtype="widget")
    view.decompose()
    del frame["class"]
    return False


def _model_id(view: Tag) -> str:
    return str(json.loads(view.string or "{}").get("model_id", ""))


def reachable(models: Models, shown: Iterable[str]) -> Models:
    """Return the widgets that are shown, those that they refer to, and the links between them."""
    found: set[str] = set()
    wanted = {name for name in shown if name in models}
    while wanted:
        found |= wanted
        named = {name for one in wanted for name in _references(models[one]) if name in models}
        links = {
            name
            for name, model in models.items()
            if _is_link(model) and set(_references(model)) & found
        }
        wanted = (named | links) - found
    return {name: model for name, model in models.items() if name in found}


def _references(model: dict[str, Any]) -> list[str]:
    return _REFERENCE.findall(json.dumps(model.get("state", {})))


def _is_link(model: dict[str, Any]) -> bool:
    return model.get("model_name") in ("LinkModel", "DirectionalLinkModel")


def is_light(model: dict[str, Any]) -> bool:
    """Tell whether a widget can live without the libraries of ipywidgets."""
    module, name = model.get("model_module"), model.get("model_name")
    return module == "anywidget" or _is_link(model) or name == "LayoutModel"


def parse_models(text: str) -> Models:
    """Return the widgets in a page's widget data, by their ids."""
    models: Models = json.loads(text)["state"]
    return models


def alternative(view: str, models: Models) -> str:
    """Return a widget's own text alternative, empty where it has none."""
    model = models.get(json.loads(view).get("model_id", ""), {})
    return str(model.get("state", {}).get("alt") or "").strip()


def _still_behind(frame: Tag) -> Tag | None:
    after = frame.find_next_sibling()
    if after is None and frame.parent:
        after = frame.parent.find_next_sibling()
    is_still = after and "widget-still" in after.get_attribute_list("class")
    return after if is_still else None
