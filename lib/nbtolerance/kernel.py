"""The kernel that one notebook is executed in, from its start to its end."""

from __future__ import annotations

import asyncio
import atexit
import math
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from queue import Empty
from subprocess import Popen, TimeoutExpired
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from traitlets import Type

from nbtolerance.records import DEEPEST, depth

MB = 1_000_000
LARGEST = 10 * MB  # characters that the outputs of one cell may have in all
LARGEST_MESSAGE = 64 * MB  # bytes; a larger one is not even received
TOO_LARGE = f"sent a message of more than {LARGEST_MESSAGE // MB} MB"


class CellFaultError(Exception):
    """A cell did what none may; the message says what."""


class _Channel(AsyncZMQSocketChannel):
    """The channel that the notebook is executed through."""

    def send(self, msg: dict[str, Any]) -> None:
        """Send a message, and look for an answer that came in meanwhile.

        The session sends past the event loop, which is told only once that something has arrived:
        without this, a cell whose Output widget is kept up to date may wait for its time limit.
        """
        super().send(msg)
        self.socket.get(zmq.EVENTS)


class Client(AsyncKernelClient):
    """Talks to a kernel."""

    shell_channel_class = Type(_Channel)

    def connect_iopub(self, identity: bytes | None = None) -> Any:
        """Connect to what the kernel sends, which is not received where it is too large."""
        self.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        socket = super().connect_iopub(identity)
        self._disconnected = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        return socket

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and not as long again for what it says besides.

        Raises
        ------
        RuntimeError
            If it dies meanwhile, or does not answer for so many seconds.
        """
        end = time.monotonic() + (timeout or math.inf)
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it answered")
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel did not answer for {timeout} s")

    async def _answers(self) -> bool:
        """Ask the kernel something; whether it answers at once, and on both channels."""
        self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=1)
            await self.get_iopub_msg(timeout=0.2)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True

    def is_cut(self) -> bool:
        """Whether the connection was ever lost: for a message that was too large, or at the end."""
        return bool(zmq.Socket.shadow(self._disconnected.underlying).poll(0))

    def stop_channels(self) -> None:
        """Stop all of them."""
        if hasattr(self, "_disconnected"):
            self.iopub_channel.socket.disable_monitor()
        super().stop_channels()


class Kernel(NotebookClient):
    """Executes a notebook: nbclient, within bounds, and with an eye on how the process ends.

    ``fault`` is set where a cell that sends too much had to be stopped.
    """

    process: Popen[bytes] | None = None
    fault: CellFaultError | None = None

    def create_kernel_manager(self) -> Any:
        """Make what starts the kernel."""
        manager = super().create_kernel_manager()
        manager.client_class = f"{Client.__module__}.{Client.__name__}"
        return manager

    @asynccontextmanager
    async def async_setup_kernel(self, **options: Any) -> AsyncIterator[None]:
        """Have a kernel while this lasts, and think of it no more when Python ends."""
        try:
            async with super().async_setup_kernel(**options):
                try:
                    yield
                finally:
                    self._end()
        finally:
            atexit.unregister(self._cleanup_kernel)

    def _end(self) -> None:
        """End the process, whose last cell has ended, and see it end: nbclient would look later."""
        if self.process:
            self.process.kill()
            with suppress(TimeoutExpired):
                self.process.wait(timeout=1)

    async def async_start_new_kernel(self, **options: Any) -> None:
        """Start the process, and remember it."""
        await super().async_start_new_kernel(**options)
        self.process = getattr(getattr(self.km, "provisioner", None), "process", None)

    async def async_execute_cell(self, cell: Any, *arguments: Any, **options: Any) -> Any:
        """Execute a cell.

        Raises
        ------
        CellFaultError
            If it sends too much, or ends its kernel.
        """
        self.size = 0
        before = asyncio.all_tasks()
        asyncio.ensure_future(self._stop_where_cut())  # noqa: RUF006  # it is among the strays
        try:
            result = await super().async_execute_cell(cell, *arguments, **options)
        finally:
            strays = asyncio.all_tasks() - before  # nbclient leaves its own where a cell fails
            for task in strays:
                task.cancel()
            await asyncio.gather(*strays, return_exceptions=True)
        if self.kc.is_cut():  # type: ignore[union-attr]  # the client is ours
            raise CellFaultError(TOO_LARGE)
        return result

    async def _stop_where_cut(self) -> None:
        """Stop a cell whose further outputs may be lost, for one was too large to be received."""
        while not self.kc.is_cut():  # type: ignore[union-attr]
            await asyncio.sleep(1)
        await asyncio.sleep(1)  # so does the end of the kernel cut the connection
        if await self.km.is_alive():  # type: ignore[union-attr, misc]
            self._stop(TOO_LARGE)

    def _stop(self, why: str) -> None:
        self.fault = CellFaultError(why)
        if self.task_poll_for_reply:
            self.task_poll_for_reply.cancel()  # it may go on for ever

    async def _check_raise_for_error(self, cell: Any, cell_index: int, exec_reply: Any) -> None:
        for payload in exec_reply["content"].get("payload", []):
            if payload.get("source") == "ask_exit":
                raise CellFaultError("ends its kernel: exit() and quit() have no place in a page")
        await super()._check_raise_for_error(cell, cell_index, exec_reply)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take in what the kernel sends, as long as it is not too much."""
        kind = msg["msg_type"]
        if kind == "clear_output":
            self.size = 0
        elif kind in ("stream", "display_data", "execute_result", "error"):
            self.size += _size(msg["content"])
        if self.size > LARGEST:
            self._stop(f"has outputs of more than {LARGEST // MB} MB in all")
        elif depth(msg["content"]) > DEEPEST:
            self._stop(f"has an output that is nested more than {DEEPEST} deep")
        else:
            return self._taken_in(msg, cell, cell_index)
        return None

    def _taken_in(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception as error:  # of nbformat, or of a widget's state: a cell may send anything
            reason = str(error).partition("\n")[0] or type(error).__name__
            return self._stop(f"has an output that cannot be kept: {reason}")


def _size(content: Any) -> int:
    """How many characters there are in the texts of a JSON value, however deep it is."""
    size, left = 0, [content]
    while left:
        value = left.pop()
        if isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
        else:
            size += len(str(value))
    return size


def said_at_death(process: Popen[bytes] | None, words: Path) -> str:
    """How a process ended, and the last that it wrote to a file."""
    code = process.poll() if process else None
    how = "" if code is None else f" with exit status {code}"
    if code is not None and code < 0:
        how = f" by {signal.Signals(-code).name}"
    return "\n".join([f"the process died{how}", *(f"  {line}" for line in _last(words))])


def _last(words: Path) -> list[str]:
    """Return the last lines in a file; where Python says how it crashed, what it says first."""
    lines = words.read_text("utf8", "replace").strip().splitlines() if words.exists() else []
    crashed = (n for n, line in enumerate(lines) if line.startswith("Fatal Python error"))
    first = next(crashed, max(0, len(lines) - 5))
    return lines[first : first + 5]
