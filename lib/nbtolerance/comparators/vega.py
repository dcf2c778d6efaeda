"""Plots of Vega-Lite: JSON, in which Altair calls a table of data by its digest."""

from __future__ import annotations

import json
import re

from nbtolerance.comparators.base import Comparison, Json
from nbtolerance.comparators.identifiers import Numbered
from nbtolerance.comparators.values import JsonComparator
from nbtolerance.tolerance import Tolerance

_DIGEST = re.compile(r"(?<=\bdata-)[0-9a-f]{32}\b")


class VegaComparator(JsonComparator):
    """Compares plots as JSON, their tables numbered: else a tolerance would never hold for one."""

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two plots; paths start at ``$``."""
        return super().compare(_numbered(expected), _numbered(got), tolerance)


def _numbered(plot: Json) -> Json:
    return json.loads(Numbered(_DIGEST)(json.dumps(plot)))
