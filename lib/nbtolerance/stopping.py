"""What is done when a person, or the system, wants this process to end while chapters run."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_stops: set[Callable[[], object]] = set()
_stopping = threading.Event()


class _Ended(BaseException):
    """A signal asks this process to end."""


def stopping() -> bool:
    """Whether this process is about to end."""
    return _stopping.is_set()


@contextlib.contextmanager
def stopped_by(stop: Callable[[], object]) -> Iterator[None]:
    """Say how to stop a run, which waits in a thread of its own, while it lasts."""
    _stops.add(stop)
    try:
        yield
    finally:
        _stops.discard(stop)


@contextlib.contextmanager
def runs_end_with_us() -> Iterator[None]:
    """Stop all runs when this is left by an exception; a thread cannot be interrupted itself."""
    _stopping.clear()
    try:
        yield
    except BaseException:
        _stopping.set()
        for stop in list(_stops):
            with contextlib.suppress(RuntimeError):  # it has just ended
                stop()
        raise


@contextlib.contextmanager
def orderly_end() -> Iterator[None]:
    """Let what a run left be removed also when the system ends this process, and then end it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    usual = {signal.SIG_DFL, signal.default_int_handler}
    wanted = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
    heard = {s: h for s in wanted if s is not None and (h := signal.getsignal(s)) in usual}
    times = itertools.count(1)

    def end(number: int, frame: FrameType | None) -> None:
        # A second one, sent before the first took effect, must not stop the cleaning.
        if next(times) != 2:
            raise KeyboardInterrupt if number == signal.SIGINT else _Ended(number)

    try:
        for one in heard:
            signal.signal(one, end)
        yield
    except _Ended as ended:
        signal.signal(ended.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), ended.args[0])
    finally:
        for one, handler in heard.items():
            signal.signal(one, handler)
