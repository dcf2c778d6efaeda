"""A chapter in a real JupyterLab, which opens it by jupytext: it runs, and its figures are live."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from booksite.chromium import open_browser
from nbtolerance.chapter import Chapter, chapter_from
from nbtolerance.settings import load_settings
from tests.browser.visiting import new_context

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "book/representation/lines.md"
# What a reader chooses with the mouse ("Open With"), no question about news, and every cell in the
# page, also those that are out of sight.
SETTINGS = {
    "docmanager-extension/plugin": {"defaultViewers": {"markdown": "Jupytext Notebook"}},
    "apputils-extension/notification": {"fetchNews": "false"},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--IdentityProvider.token=",
    "--ServerApp.port_retries=0",
    "--LabApp.extension_manager=readonly",
]
PATIENCE = 90_000  # milliseconds, on a machine that does much else


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The chapter as a clone of the book has it, and a JupyterLab that nobody else uses."""
    for name in (CHAPTER, "jupytext.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name, value in SETTINGS.items():
        file = tmp_path / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(value))
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    places |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    environment = {**os.environ, **{name: str(folder / place) for name, place in places.items()}}
    environment["PYTHONPATH"] = str(ROOT / "lib")
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--ServerApp.port={port}"]
    with (folder / "log").open("wb") as log:
        lab = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={folder}"], env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", lab, folder / "log")
        yield f"http://127.0.0.1:{port}/lab/tree/{CHAPTER}"
    finally:
        lab.terminate()  # and its kernels with it
        lab.wait(30)


def wait_for(address: str, lab: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE // 100):
        if lab.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text('utf8')[-2000:]}", pytrace=False)


def test_a_chapter_runs_in_jupyterlab_and_its_figures_are_live(folder: Path, address: str) -> None:
    before = read(folder)
    with open_browser() as browser:
        page = new_context(browser).new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        run_all(page, len(before.cells))
        assert not page.locator('[data-mime-type$="stderr"], [data-mime-type$="error"]').count()
        check_figure(page)
        check_slider(page)
        page.keyboard.press("Control+s")
        expect(page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
        assert not errors
    after = read(folder)
    assert after.code == before.code
    for key in ("file_format", "tolerance"):
        assert after.notebook.metadata.get(key) == before.notebook.metadata[key]


def read(folder: Path) -> Chapter:
    return chapter_from((folder / CHAPTER).read_text("utf8"), ROOT / CHAPTER, load_settings(ROOT))


def run_all(page: Page, cells: int) -> None:
    page.get_by_text("| Idle").wait_for()  # what is run before the kernel is there is lost
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts).to_have_count(cells)
    expect(prompts.last).to_have_text(f"[{cells}]:")


def check_figure(page: Page) -> None:
    """The figure in the first cell answers a key."""
    figure = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea-output")
    handle = figure.locator('input[type="range"]').first
    drawn = figure.locator("svg").first.inner_html()
    value = handle.input_value()
    handle.press("ArrowLeft")
    assert handle.input_value() != value
    assert figure.locator("svg").first.inner_html() != drawn


def check_slider(page: Page) -> None:
    """The slider in the last cell calls Python, which draws another picture."""
    last = page.locator(".jp-CodeCell").last
    picture = last.locator("img")
    drawn = picture.get_attribute("src")
    last.locator(".noUi-target").first.click()  # in the middle
    expect(picture).not_to_have_attribute("src", str(drawn))
