"""Where chapters are run: on this machine, or on many.

`threads` runs them here, a thread and a kernel each; `cluster` sends them to a running dask
scheduler, and is imported only for that.
"""

from __future__ import annotations

import os
from functools import partial

from nbtolerance.engines.task import Engine
from nbtolerance.failures import NoWorkerError

SCHEDULER = "NBTOLERANCE_SCHEDULER"


def engine(address: str = "") -> Engine:
    """Return what runs chapters.

    Parameters
    ----------
    address
        Of a running dask scheduler; empty: the one that the environment variable
        ``NBTOLERANCE_SCHEDULER`` names, or else this machine.

    Raises
    ------
    NoWorkerError
        If a scheduler is named and dask is not installed.
    """
    address = address or os.environ.get(SCHEDULER, "")
    if not address:
        from nbtolerance.engines.threads import run_here

        return run_here
    try:
        from nbtolerance.engines.cluster import run_there
    except ImportError as error:
        raise NoWorkerError(
            f"the scheduler {address} is named, and dask's package distributed, which speaks with "
            f"it, cannot be imported ({error}): it comes with nbtolerance[dask]"
        ) from None
    return partial(run_there, address)
