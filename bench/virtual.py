"""An event loop whose clock jumps to the next timer: a minute of waiting takes no time at all.

Work handed to threads (a database) counts as instant: the clock stands still until it is done.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


# A clock never stands quite still: code that waits for a remainder too small to add to the time
# (aiolimiter does) would wait for ever.
TICK = 1e-6


class _Selector(selectors.DefaultSelector):
    """Waits for threads as ever, and for timers by moving the loop's clock."""

    now = 0.0
    threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.threads:
            return super().select(None if timeout is None or timeout > 0 else 0)
        if timeout is None:
            raise RuntimeError("everybody waits and no timer is set: this would never end")
        self.now += max(TICK, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs coroutines on virtual seconds that begin at 0."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Tell the virtual seconds."""
        return self._virtual.now

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Ts], T],
        *args: *Ts,
    ) -> asyncio.Future[T]:
        """Run in a thread as ever; until it is done no virtual time passes."""
        self._virtual.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: asyncio.Future[Any]) -> None:
        self._virtual.threads -= 1


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a clock of its own, as asyncio.run does on the real one."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
