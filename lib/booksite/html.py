"""HTML is filled into the templates of this package, which escape whatever they are given."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("booksite"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> Markup:
    """Return the template ``<template>.html.jinja`` with the values filled in."""
    return Markup(_templates().get_template(f"{template}.html.jinja").render(values).strip())
