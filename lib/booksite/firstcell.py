"""The first cell of a chapter that is taken elsewhere, which installs and fetches what is missing.

What lies beside the notebook is taken from there, and what does not, from its address. Where none
is known, the cell says what is to be put beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Needs:
    """What a chapter needs.

    Parameters
    ----------
    package
        The library that it imports.
    distribution
        The library's name as pip takes it.
    wheel
        The library's wheel, a file's name.
    address
        From where pip installs it; empty where no address is known.
    extras
        What is to be installed with it, by the names of the library's extras.
    files
        The other files, by name, and from where each is fetched; empty as above.
    """

    package: str
    distribution: str
    wheel: str
    address: str
    extras: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def first_cell(needs: Needs, *, notebook: bool) -> str:
    """Return the code that installs and fetches what is missing.

    Parameters
    ----------
    needs
        What is needed.
    notebook
        Whether it is a cell of a notebook, and may use a magic.
    """
    fetched = {name: address for name, address in needs.files.items() if address}
    imports = ["from importlib.util import find_spec", "from pathlib import Path"]
    imports += ["from urllib.request import urlretrieve"] * bool(fetched)
    imports += ["import subprocess", "import sys"] * (not notebook)
    parts = [
        "# Installs and fetches what this chapter needs, where it is missing.",
        *imports,
        f'\nmissing = find_spec("{needs.package}") is None',
        *_fetching(fetched),
        *_requiring(needs),
        "if missing:",
        f'    wheel, source = Path("{needs.wheel}"), "{needs.address}"',
        "    if wheel.exists():",
        "        source = wheel.resolve().as_uri()",
        f"    {_install(needs, notebook=notebook)}",
    ]
    return "\n".join(parts)


def _fetching(files: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that fetch what has an address."""
    if files:
        yield f"for name, address in {json.dumps(files)}.items():"
        yield "    if not Path(name).exists():"
        yield "        urlretrieve(address, name)"


def _requiring(needs: Needs) -> Iterator[str]:
    """Yield the lines that ask for what has none."""
    names = [f'"{name}"' for name, address in needs.files.items() if not address]
    names += [f'*["{needs.wheel}"] * missing'] * (not needs.address)
    if names:
        yield f"for name in [{', '.join(names)}]:"
        yield "    if not Path(name).exists():"
        yield '        what = f"{name} must lie beside this file: both are in the chapter\'s .zip"'
        yield "        raise FileNotFoundError(what)"


def _install(needs: Needs, *, notebook: bool) -> str:
    """Return the line that installs the library: a magic does so for the kernel that runs it."""
    extras = f"[{','.join(needs.extras)}]" if needs.extras else ""
    requirement = f"{needs.distribution}{extras} @ {{source}}"
    if notebook:
        return f'%pip install --quiet "{requirement}"'
    pip = '[sys.executable, "-m", "pip", "install", "--quiet"'
    return f'subprocess.run({pip}, f"{requirement}"], check=True)'
