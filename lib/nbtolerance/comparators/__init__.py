"""One comparator a media type, found by name.

A comparator condenses an output's data to what a reference keeps, and compares two such forms; see
`Comparator`. Whoever adds a media type registers it, or names it in the entry-point group
``nbtolerance.comparators``.
"""

from nbtolerance.comparators import drawn, registry, widgets
from nbtolerance.comparators.base import BadOutputError, Comparator, Comparison, Difference, Json
from nbtolerance.comparators.documents import PdfComparator
from nbtolerance.comparators.figures import FIGURE
from nbtolerance.comparators.markup import MARKUP, SCRIPT
from nbtolerance.comparators.outputs import (
    OutputsComparator,
    compare_outputs,
    condense_output,
    condense_outputs,
    describe,
)
from nbtolerance.comparators.pictures import DrawingComparator, PictureComparator
from nbtolerance.comparators.registry import comparator_for, register
from nbtolerance.comparators.report import explain
from nbtolerance.comparators.sound import SOUND
from nbtolerance.comparators.text import TEXT
from nbtolerance.comparators.values import JsonComparator
from nbtolerance.comparators.vega import VegaComparator
from nbtolerance.comparators.video import VideoComparator
from nbtolerance.comparators.widgets import WIDGETS, resolve_view

__all__ = [
    "BadOutputError",
    "Comparator",
    "Comparison",
    "Difference",
    "Json",
    "comparator_for",
    "compare_outputs",
    "condense_output",
    "condense_outputs",
    "describe",
    "explain",
    "register",
    "resolve_view",
]

registry._builtin.update(
    {
        "text/*": TEXT,
        "text/html": MARKUP,
        "application/javascript": SCRIPT,
        "application/vnd.bokehjs_load.v0+json": SCRIPT,  # it is a script
        "application/json": JsonComparator(),
        "*+json": JsonComparator(),
        "application/vnd.vega*+json": VegaComparator(),
        drawn.MEDIA_TYPE: FIGURE,
        widgets.MEDIA_TYPE: WIDGETS,
        widgets.OUTPUTS: OutputsComparator(),
        "image/*": PictureComparator(),
        "image/svg+xml": DrawingComparator(),
        "video/*": VideoComparator(),
        "audio/wav": SOUND,
        "audio/x-wav": SOUND,
        "application/pdf": PdfComparator(),
    }
)
