"""The view of a feed: what its keys do, and how it keeps up with the feed."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.styles import Style

from ...errors import KnockError, RateLimitError
from .._text import hide_keys
from .drawing import Drawn, draw_items, draw_keys, draw_title, scroll
from .model import Feed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from .source import Source

_STYLE = Style.from_dict(
    {
        "title": "reverse",
        "chosen": "bold underline",
        "unread": "bold",
        "read": "ansigray",
        "note": "ansiyellow",
        "keys": "ansigray",
    }
)
_NEAR_THE_END = 10
"""Items below the selected one from which on more are loaded."""
_LONGEST_WAIT = 60.0


class Screen:
    """A full-screen view; the terminal is as before when it ends, however it ends."""

    def __init__(
        self, source: Source, user_id: str, interval: float, *, given: Input | None = None, shown: Output | None = None
    ) -> None:
        """Prepare the view.

        Args:
            source: the feed.
            user_id: whose it is.
            interval: seconds after which it is looked at again.
            given: where keys come from; the terminal if absent.
            shown: where the view is drawn; the terminal if absent.
        """
        self.feed = Feed()
        self._source = source
        self._user_id = user_id
        self._interval = interval
        self.note = ""
        """What the last line says instead of the keys."""
        self._archived: list[str] = []
        self._busy = asyncio.Lock()
        """Only one thing at a time changes the feed, in the order of the keys."""
        items = FormattedTextControl(
            lambda: self._draw().fragments, get_cursor_position=lambda: Point(0, self._draw().first), show_cursor=False
        )
        self._items = Window(items, get_vertical_scroll=self._scroll, always_hide_cursor=True)
        self._top = 0
        self.application: Application[int] = Application(
            Layout(
                HSplit(
                    [
                        Window(FormattedTextControl(lambda: draw_title(self.feed, user_id, self._width())), height=1),
                        self._items,
                        Window(FormattedTextControl(lambda: draw_keys(self.note, self._width())), height=1),
                    ]
                )
            ),
            style=_STYLE,
            key_bindings=self._bind_keys(),
            full_screen=True,
            input=given,
            output=shown,
        )
        self.application.ttimeoutlen = 0.05  # Esc alone ends it at once

    async def run(self) -> int:
        """Show the view until it is left; return the exit status.

        Raises:
            KnockError: The feed cannot be read in the beginning.
        """
        await self._source.refresh(self.feed)
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self._leave, 128 + number)
        self._start(self._keep_up())
        return await self.application.run_async()

    def _bind_keys(self) -> KeyBindings:
        keys = KeyBindings()

        def on(*names: str) -> Callable[[Callable[[], Any]], None]:
            def bind(act: Callable[[], Any]) -> None:
                def handle(_: KeyPressEvent) -> None:
                    self.note = ""
                    act()

                for name in names:
                    keys.add(name)(handle)

            return bind

        on("down", "j")(lambda: self._move(1))
        on("up", "k")(lambda: self._move(-1))
        on("space", "pagedown")(lambda: self._move(self._page()))
        on("b", "pageup")(lambda: self._move(-self._page()))
        on("g", "home")(lambda: self._move(-len(self.feed.items)))
        on("G", "end")(lambda: self._move(len(self.feed.items)))
        on("r", "enter")(lambda: self._do(self._toggle_read))
        on("a")(lambda: self._do(self._archive))
        on("u")(lambda: self._do(self._unarchive))
        on("q", "escape")(lambda: self._leave(0))
        on("c-c", "<sigint>")(lambda: self._leave(128 + signal.SIGINT))
        on("c-z")(lambda: self.application.suspend_to_background())  # noqa: PLW0108 - it is not made yet
        return keys

    def _move(self, by: int) -> None:
        self.feed.move(by)
        if self.feed.more is not None and self.feed.selected + _NEAR_THE_END >= len(self.feed.items):
            self._do(lambda: self._source.load_more(self.feed))

    def _page(self) -> int:
        """Return how many items fit the window, about."""
        return max(1, self._height() // 4)

    def _do(self, act: Callable[[], Awaitable[object]]) -> None:
        self._start(self._act(act))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        async def watched() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001 - a fault of this program ends the view, and then shows
                self._end(exception=error)

        _ = self.application.create_background_task(watched())  # it keeps the task until it has ended

    async def _act(self, act: Callable[[], Awaitable[object]]) -> None:
        """Carry something out; its error becomes a note."""
        async with self._busy:
            try:
                await act()
            except KnockError as error:
                self.note = hide_keys(str(error))
        self.application.invalidate()

    async def _keep_up(self) -> None:
        failures = 0
        wait = self._interval
        while True:
            await asyncio.sleep(wait)
            async with self._busy:
                try:
                    await self._source.refresh(self.feed)
                except KnockError as error:
                    failures += 1
                    self.note = hide_keys(str(error))
                    at_least = error.retry_after or 0.0 if isinstance(error, RateLimitError) else 0.0
                    wait = max(min(self._interval * 2.0**failures, _LONGEST_WAIT), at_least)
                else:
                    if failures:
                        self.note = "The connection is back."
                    failures, wait = 0, self._interval
            self.application.invalidate()

    async def _toggle_read(self) -> None:
        await self._source.toggle_read(self.feed)

    async def _archive(self) -> None:
        if (item_id := await self._source.archive(self.feed)) is not None:
            self._archived.append(item_id)
            self.note = "Archived; u takes it back."

    async def _unarchive(self) -> None:
        if not self._archived:
            self.note = "Nothing was archived here."
            return
        await self._source.unarchive(self.feed, self._archived[-1])
        self._archived.pop()

    def _leave(self, status: int) -> None:
        self._end(result=status)

    def _end(self, **how: Any) -> None:
        if self.application.is_running and not self.application.is_done:  # a second key may come before it has ended
            self.application.exit(**how)

    def _draw(self) -> Drawn:
        return draw_items(self.feed, self._width())

    def _scroll(self, _: Window) -> int:
        self._top = scroll(self._top, self._draw(), self._height())
        return self._top

    def _height(self) -> int:
        return max(1, self.application.output.get_size().rows - 2)

    def _width(self) -> int:
        return self.application.output.get_size().columns
