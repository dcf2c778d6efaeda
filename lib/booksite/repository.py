"""The book's repository: the addresses that lead to it, and through it to machines of others.

It is where the environment variable ``BOOK_SOURCE`` says, or else the repository whose workflow
builds the site (``GITHUB_REPOSITORY``, as GitHub sets it). Without either no address is known, and
no page has a link that would lead nowhere. What works on GitHub alone is left out for others.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from sphinx.application import Sphinx
from sphinx.config import Config

SOURCE, NAME = "BOOK_SOURCE", "GITHUB_REPOSITORY"
MAIN = "main"  # the branch with the book
NOTEBOOKS = "notebooks"  # the branch with its notebooks, which publishing writes: `make notebooks`
GITHUB = "https://github.com"


@dataclass(frozen=True)
class Repository:
    """A repository.

    Parameters
    ----------
    address
        Where it stands.
    """

    address: str

    @property
    def name(self) -> str:
        """Owner and name, ``someone/book``; empty where it is not on GitHub."""
        found = re.fullmatch(rf"{GITHUB}/([\w.-]+/[\w.-]+?)(\.git)?/?", self.address)
        return found[1] if found else ""

    def package(self, folder: str) -> str:
        """Return what pip installs of a folder with a ``pyproject.toml``."""
        return f"git+{self.address}@{MAIN}#subdirectory={folder}"

    def raw(self, file: str) -> str:
        """Return the address of a file itself; empty where it is not known."""
        return f"https://raw.githubusercontent.com/{self.name}/{MAIN}/{file}" if self.name else ""

    def edit(self, file: str) -> str:
        """Return where a file can be edited."""
        return f"{self.address}/edit/{MAIN}/{file}" if self.name else ""

    def launches(self, notebook: str) -> dict[str, str]:
        """Return where a notebook opens and runs, by the name of the service."""
        if not self.name:
            return {}
        return {
            "Colab": f"https://colab.research.google.com/github/{self.name}/blob/{NOTEBOOKS}/{notebook}",
            "Binder": f"https://mybinder.org/v2/gh/{self.name}/{NOTEBOOKS}?labpath={notebook}",
        }


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value("booksite_source", _address(), "html", (str,))


def _address() -> str:
    name = os.environ.get(NAME, "")
    host = os.environ.get("GITHUB_SERVER_URL", GITHUB)
    return os.environ.get(SOURCE, "") or (f"{host}/{name}" if name else "")


def repository(config: Config) -> Repository | None:
    """Return the book's repository, or None where none is known."""
    address = str(config.booksite_source)
    return Repository(address) if address else None
