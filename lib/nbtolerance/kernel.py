"""Loaded into each kernel before a chapter's first cell, as an IPython extension.

It makes figures bring their data along, so that a picture's curves can be compared and not only
its pixels.
"""

from __future__ import annotations

from typing import Any

from nbtolerance.comparators.figures import install_formatter


def load_ipython_extension(ip: Any) -> None:
    """Prepare the kernel; IPython calls this by name."""
    install_formatter(ip)
