"""What a kernel is made of, before it is started."""

from __future__ import annotations

import functools
import json
import shutil
from pathlib import Path

from nbtolerance.files import MISSING, state

USUAL = "python3"  # IPython's, wherever it is: nothing needs to be looked up


@functools.cache
def made_of(name: str) -> str:
    """Return the state of a kernel that is not IPython's: of its specification and its program.

    Empty for IPython's, of which the versions of Python and of the packages say more; ``missing``
    where no such kernel is installed.
    """
    if name == USUAL:
        return ""
    from jupyter_client.kernelspec import KernelSpecManager  # it takes a moment to load

    file = Path(KernelSpecManager().find_kernel_specs().get(name.lower(), ""), "kernel.json")
    try:
        spec = json.loads(file.read_text("utf8"))
        command = [str(word) for word in spec["argv"]]
        ipythons = spec.get("language", "").lower() == "python" or "ipykernel" in " ".join(command)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return MISSING  # starting it will say why
    return "" if ipythons else f"{state(str(file))} {state(shutil.which(command[0]) or '')}"
