"""The interactive figures as Jupyter has them: their traits are those of a kernel's Python object.

Jupyter's part, a model whose changes travel as messages, is played by a few lines here; the kernel,
the messages and the browser are real. Oracle: what the kernel says that the object's traits are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import Site

SECONDS = 60

# What anywidget promises to a widget's script, with a kernel at its other end.
HOST = """async (state) => {
  const listeners = [], changed = {};
  const tell = (name) => listeners.filter(([n]) => n === `change:${name}`).forEach(([, f]) => f());
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = changed[name] = value; tell(name); },
    save_changes() {
      window.sent = toKernel({ ...changed });
      for (const name of Object.keys(changed)) delete changed[name];
    },
    on: (names, f) => names.split(" ").forEach((name) => listeners.push([name, f])),
    off() {},
  };
  window.fromKernel = (update) => {
    Object.assign(state, update);
    Object.keys(update).forEach(tell);
  };
  const script = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const { default: widget } = await import(script);
  await widget.initialize?.({ model });
  await widget.render({ model, el: document.querySelector("main") });
}"""
PAGE = '<!doctype html><html lang="en"><title>Live</title><link rel="icon" href="data:,"><main>'


class Kernel:
    """A kernel, spoken to from a thread of its own: Playwright has this one's event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._manager, self._client = self._thread.submit(start_new_kernel).result(SECONDS)

    def close(self) -> None:
        self._thread.submit(self._client.stop_channels).result(SECONDS)
        self._thread.submit(self._manager.shutdown_kernel, now=True).result(SECONDS)
        self._thread.shutdown()

    def run(self, code: str) -> list[dict[str, Any]]:
        """Run code; returns the messages that it led to."""
        return self._thread.submit(lambda: self._answers(self._client.execute(code))).result()

    def value(self, expression: str) -> Any:
        """The value of an expression that has a literal."""
        (said,) = [m for m in self.run(expression) if m["msg_type"] == "execute_result"]
        return ast.literal_eval(said["content"]["data"]["text/plain"])

    def update(self, comm: str, changed: dict[str, Any]) -> None:
        """Tell a widget's object what the browser changed."""
        data = {"method": "update", "state": changed, "buffer_paths": []}
        content = {"comm_id": comm, "data": data}

        def send() -> None:
            message = self._client.session.msg("comm_msg", content)
            self._client.shell_channel.send(message)
            self._answers(message["header"]["msg_id"])

        self._thread.submit(send).result(SECONDS)

    def _answers(self, asked: str) -> list[dict[str, Any]]:
        answers = []
        while True:
            message = self._client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != asked:
                continue
            assert message["msg_type"] != "error", message["content"]["traceback"]
            answers.append(message)
            if message["content"].get("execution_state") == "idle":
                return answers


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    started = Kernel()
    started.run("import numpy as np\nfrom learning import noisy_line\n"
                "from learning.explorables import FitALine, GradientDescent, Scrubber\n"
                "x, y = noisy_line(50, generator=np.random.default_rng(1))")  # fmt: skip
    yield started
    started.close()


def open_widget(kernel: Kernel, browser: Browser, site: Site, code: str) -> Page:
    """Make a widget ``w`` in the kernel, and show it on a page that is its front end."""
    opened = [m for m in kernel.run(f"w = {code}") if m["msg_type"] == "comm_open"]
    ours = [m["content"] for m in opened if "_esm" in m["content"]["data"]["state"]]
    (comm,) = [content["comm_id"] for content in ours]
    (site.root / "live.html").write_text(PAGE, encoding="utf-8")
    page = browser.new_page()
    page.expose_function("toKernel", lambda changed: kernel.update(comm, changed))
    page.goto(site.address("live.html"))
    page.evaluate(HOST, ours[0]["data"]["state"])
    return page


def tell_browser(kernel: Kernel, page: Page, code: str) -> None:
    """Change a trait in the kernel, and hand the browser what the kernel sends on that account."""
    messages = [m["content"] for m in kernel.run(code) if m["msg_type"] == "comm_msg"]
    updates = [m["data"]["state"] for m in messages if m["data"].get("method") == "update"]
    assert updates
    for update in updates:
        page.evaluate("(update) => fromKernel(update)", update)


@pytest.mark.parametrize(
    ("code", "slider", "trait", "before", "after", "set_to", "shown"),
    [
        ("FitALine(x, y, a=10, b=5)", "slope a", "w.a", 10.0, 10.05, "w.a = 7.0", "7.00"),
        ("GradientDescent(x, y, start=(-1, 1), rate=0.1, steps=50)", "steps", "w.steps",
         50, 100, "w.steps = 20", "20"),
        ("Scrubber(x, y, step=4)", "frame", "w.step", 4, 5, "w.step = 3", "3"),
    ],
)  # fmt: skip
def test_the_browser_and_the_kernel_hold_one_state(
    kernel: Kernel,
    browser: Browser,
    site: Site,
    code: str,
    slider: str,
    trait: str,
    before: Any,
    after: Any,
    set_to: str,
    shown: str,
) -> None:
    page = open_widget(kernel, browser, site, code)
    assert kernel.value(trait) == before
    control = page.get_by_label(slider, exact=True).first
    control.press("ArrowRight")
    page.evaluate("sent")  # until the kernel has it
    assert kernel.value(trait) == pytest.approx(after)
    tell_browser(kernel, page, set_to)
    expect(page.locator(".slider", has=control).locator("output")).to_have_text(shown)
    page.close()
