from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from booksite import packages


def lock(folder: Path, name: str, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries = {"": {}, "node_modules/katex": {"version": version}}
    (folder / name).write_text(json.dumps({"packages": entries}), encoding="utf-8")


def test_the_versions_of_the_lock_file_are_wanted(tmp_path: Path) -> None:
    lock(tmp_path, "package-lock.json", "1.0.0")
    assert not packages.is_installed(tmp_path)
    lock(tmp_path / "node_modules", ".package-lock.json", "0.9.0")
    assert not packages.is_installed(tmp_path)
    lock(tmp_path / "node_modules", ".package-lock.json", "1.0.0")
    assert packages.is_installed(tmp_path)


def test_without_a_network_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(tmp_path, "package-lock.json", "1.0.0")
    failed = subprocess.CompletedProcess([], 1, "", "getaddrinfo ENOTFOUND")
    monkeypatch.setattr(packages, "_npm", lambda arguments, root: failed)
    with pytest.raises(
        ExtensionError, match=r"(?s)needs a network.*build again.*ENOTFOUND"
    ) as caught:
        packages.ensure_installed(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_a_folder_without_a_lock_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match="booksite_packages must name"):
        packages.ensure_installed(tmp_path)


def test_node_is_there() -> None:
    said = subprocess.run([packages.node(), "--version"], capture_output=True, check=True)
    assert said.stdout.startswith(b"v")
