"""What a page prints, cites, and is checked for.

:func:`report` hands a named quantity to IPython: a single number, a `LossLog`, a `Fit`, a `Table`,
or whatever else has the methods of a `Quantity`. From there the page shows it, prose cites it, and
the check compares it.
"""

from learning.report.fit import Fit
from learning.report.losslog import LossLog
from learning.report.output import report
from learning.report.quantity import QUANTITY, Number, Quantity
from learning.report.table import Table

__all__ = ["QUANTITY", "Fit", "LossLog", "Number", "Quantity", "Table", "report"]
