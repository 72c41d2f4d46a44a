"""`knock-sdk feed`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from typing_extensions import override

from knock_sdk.cli._feed.drawing import Drawn, draw_items, draw_keys, draw_title, scroll, wrap
from knock_sdk.cli._feed.model import Feed
from knock_sdk.cli._feed.screen import Screen
from knock_sdk.cli._feed.source import Source
from knock_sdk.testing import Send, Simulator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from knock_sdk import Knock
    from knock_sdk.types import InAppFeedItem
    from tests.cli.conftest import Run, Terminal

TEMPLATE = {"markdown_body": "**{{ data.n }}** is new", "action_url": "https://ingen.example/{{ data.n }}"}


def fill(simulator: Simulator, count: int) -> None:
    """Send messages to Ana, numbered from one."""
    simulator.workflow("news", steps=[Send("in_app_feed", TEMPLATE)])
    with simulator.client() as client:
        client.users.update("ana", name="Ana")
        client.users.update("ian", name="Ian")
        for number in range(1, count + 1):
            simulator.advance(seconds=1)
            client.workflows.trigger("news", recipients=["ana"], actor="ian", data={"n": number})


def items_of(simulator: Simulator, **filters: Any) -> list[InAppFeedItem]:
    """Return Ana's feed."""
    with simulator.client() as client:
        return client.users.feeds.list_items("ana", simulator.channel("in_app_feed").id, **filters).collect()


class TestList:
    def test_in_a_pipe(self, run: Run, sim: Simulator) -> None:
        fill(sim, 2)
        newest, oldest = items_of(sim)
        assert run("feed", "ana").out.splitlines() == [
            f"{newest.id}\t2026-01-05T09:00:02Z\tunseen\tnews\tian\t2 is new",
            f"{oldest.id}\t2026-01-05T09:00:01Z\tunseen\tnews\tian\t1 is new",
        ]
        assert json.loads(run("feed", "ana", "--json", "-n", "1").out)["id"] == newest.id

    def test_filters(self, run: Run, sim: Simulator, client: Knock) -> None:
        fill(sim, 3)
        first, second, _ = items_of(sim)
        client.messages.mark_as_read(first.id)
        client.messages.archive(second.id)
        channel = sim.channel("in_app_feed").id
        for options, count in (
            (("--status", "read"), 1),
            (("--archived", "only"), 1),
            (("--archived", "include"), 3),
            (("--workflow", "other"), 0),
            (("--tenant", "ingen"), 2),
        ):
            assert len(run("feed", "ana", channel, *options).out.splitlines()) == count
        assert run("feed", "ana", "--status", "raed").status == 2

    def test_the_channel_is_found(self, run: Run, sim: Simulator, client: Knock) -> None:
        assert run("feed", "ben").status == 1
        fill(sim, 1)
        client.users.update("ben")
        assert run("feed", "ben") == (0, "", "")

    def test_a_list_in_a_terminal(self, terminal: Terminal, sim: Simulator) -> None:
        fill(sim, 2)
        status, screen = terminal("feed", "ana", "--list", columns=70)
        assert (status, screen[0].split()) == (0, ["at", "status", "source", "actor", "text"])

    def test_a_terminal_that_cannot_draw(self, terminal: Terminal, sim: Simulator) -> None:
        fill(sim, 2)
        status, screen = terminal("feed", "ana", environment={"TERM": "dumb"})
        assert (status, any("2 is new" in line for line in screen)) == (0, True)


@pytest.fixture(scope="module")
def items() -> list[InAppFeedItem]:
    simulator = Simulator()
    fill(simulator, 9)
    return items_of(simulator)


class TestModel:
    def ids(self, feed: Feed, items: Sequence[InAppFeedItem]) -> list[int]:
        places = {item.id: index for index, item in enumerate(items)}
        return [places[item.id] for item in feed.items]

    def test_the_selection_stays_with_its_item(self, items: list[InAppFeedItem]) -> None:
        feed = Feed(items[3:6], selected=1)
        feed.refresh(items[1:6], None)
        assert (self.ids(feed, items), feed.current) == ([1, 2, 3, 4, 5], items[4])
        feed.remove(items[4].id)
        assert (self.ids(feed, items), feed.current) == ([1, 2, 3, 5], items[5])
        feed.remove(items[5].id)
        assert feed.current == items[3]

    def test_a_refresh_keeps_what_was_loaded_behind_it(self, items: list[InAppFeedItem]) -> None:
        feed = Feed(items[2:8], more="end")
        feed.refresh([items[0], items[3], items[4]], "cursor")
        assert (self.ids(feed, items), feed.more) == ([0, 3, 4, 5, 6, 7], "end")

    def test_a_refresh_after_which_nothing_is_behind(self, items: list[InAppFeedItem]) -> None:
        feed = Feed(items[2:8], more="end")
        feed.refresh(items[:2], None)
        assert (self.ids(feed, items), feed.more) == ([0, 1], None)

    def test_a_refresh_that_has_nothing_in_common(self, items: list[InAppFeedItem]) -> None:
        feed = Feed(items[6:], more="end", selected=2)
        feed.refresh(items[:3], "cursor")
        assert (self.ids(feed, items), feed.more, feed.selected) == ([0, 1, 2], "cursor", 2)

    def test_more_items(self, items: list[InAppFeedItem]) -> None:
        feed = Feed(items[:3], more="cursor")
        feed.append(items[2:5], None)
        assert (self.ids(feed, items), feed.more) == ([0, 1, 2, 3, 4], None)

    def test_an_empty_feed(self) -> None:
        feed = Feed()
        feed.move(1)
        feed.remove("x")
        assert (feed.current, feed.selected) == (None, 0)


class TestDrawing:
    def test_long_texts_are_cut_unless_they_are_selected(self) -> None:
        simulator = Simulator()
        simulator.workflow("news", steps=[Send("in_app_feed", {"markdown_body": "word " * 40})])
        with simulator.client() as client:
            client.workflows.trigger("news", recipients=[{"id": "ana"}])
            client.workflows.trigger("news", recipients=["ana"])
        drawn = draw_items(Feed(items_of(simulator)), 30)
        lines = "".join(text for _, text in drawn.fragments).split("\n")
        assert (drawn.first, drawn.last) == (0, 8)
        assert lines[0].startswith("> * 2026-01-05")
        assert lines[-2] == "    word word word word word …"
        assert all(len(line) <= 30 for line in lines)

    def test_the_selected_item_is_visible(self) -> None:
        assert scroll(0, Drawn([], 0, 3), 10) == 0
        assert scroll(0, Drawn([], 8, 12), 10) == 3
        assert scroll(20, Drawn([], 8, 12), 10) == 8
        assert scroll(0, Drawn([], 8, 30), 10) == 8

    def test_wide_characters(self) -> None:
        assert wrap("李小龍李小龍", 5) == ("李小", "龍李", "小龍")

    def test_what_commands_a_terminal(self) -> None:
        assert "\x1b" not in "".join(wrap("a\x1b[2J\u202eb", 20))
        assert "\x1b" not in draw_title(Feed(), "a\x1b[2J", 40)[0][1]

    @pytest.mark.parametrize("width", [0, 1, 5, 20])
    def test_no_width_is_too_small(self, width: int) -> None:
        simulator = Simulator()
        fill(simulator, 2)
        assert draw_items(Feed(items_of(simulator)), width).fragments
        assert draw_title(Feed(), "ana", width)
        assert len(draw_keys("a note", width)[0][1]) <= max(width, 1)


class _Output(DummyOutput):
    @override
    def get_size(self) -> Size:
        return Size(rows=24, columns=80)


def use(simulator: Simulator, act: Callable[[Screen, Callable[..., Awaitable[None]]], Awaitable[None]]) -> int:
    """Run the view of Ana's feed, and what presses its keys; return the exit status."""

    async def main() -> int:
        with create_pipe_input() as keys:
            async with simulator.async_client(max_retries=0) as client:
                source = Source(client, "ana", simulator.channel("in_app_feed").id, {})
                screen = Screen(source, "ana", 0.05, given=keys, shown=_Output())

                async def press(text: str, until: Callable[[], bool]) -> None:
                    keys.send_text(text)
                    for _ in range(500):
                        if until():
                            return
                        await asyncio.sleep(0.01)
                    raise AssertionError(f"nothing came of {text!r}: {screen.note!r}")

                running = asyncio.create_task(screen.run())
                await press("", lambda: screen.application.is_running)
                await act(screen, press)
                return await asyncio.wait_for(running, 30)

    return asyncio.run(main())


class TestKeys:
    def test_they_move_and_mark(self) -> None:
        simulator = Simulator()
        fill(simulator, 30)
        newest = [item.id for item in items_of(simulator)]

        async def act(screen: Screen, press: Callable[..., Awaitable[None]]) -> None:
            feed = screen.feed
            await press("jj\x1b[B", lambda: feed.selected == 3)
            await press("k\x1b[A", lambda: feed.selected == 1)
            await press(" ", lambda: feed.selected == 6)
            await press("b", lambda: feed.selected == 1)
            await press("G", lambda: feed.selected == 29)
            await press("g", lambda: feed.selected == 0)
            await press("r", lambda: feed.items[0].read_at is not None)
            assert simulator.messages()[-1].read_at is not None
            await press("r", lambda: feed.items[0].read_at is None)
            await press("a", lambda: feed.items[0].id == newest[1] and "Archived" in screen.note)
            await press("", lambda: feed.total == 29)
            await press("u", lambda: feed.items[0].id == newest[0])
            await press("u", lambda: "Nothing" in screen.note)
            await press("q", lambda: not screen.application.is_running)

        assert use(simulator, act) == 0

    def test_it_keeps_up_with_the_feed(self) -> None:
        simulator = Simulator()
        fill(simulator, 60)

        async def act(screen: Screen, press: Callable[..., Awaitable[None]]) -> None:
            feed = screen.feed
            assert len(feed.items) == 50
            await press("G", lambda: len(feed.items) == 60)
            fill(simulator, 1)
            await press("", lambda: len(feed.items) == 61 and feed.total == 61)
            assert feed.selected == 50
            await press("\x1b", lambda: not screen.application.is_running)

        assert use(simulator, act) == 0

    def test_an_error_is_a_note(self) -> None:
        simulator = Simulator()
        fill(simulator, 2)

        async def act(screen: Screen, press: Callable[..., Awaitable[None]]) -> None:
            simulator.fail("messages.mark_as_read", status=403, message="the key sk_test_canary")
            await press("r", lambda: "403" in screen.note)
            assert "canary" not in screen.note
            simulator.fail("users.feeds.list_items", status=500)
            await press("", lambda: "500" in screen.note)
            await press("", lambda: screen.note == "The connection is back.")
            await press("\x03", lambda: not screen.application.is_running)

        assert use(simulator, act) == 130

    def test_a_fault_of_this_program_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        simulator = Simulator()
        fill(simulator, 2)

        async def act(screen: Screen, press: Callable[..., Awaitable[None]]) -> None:
            monkeypatch.setattr(Source, "toggle_read", None)
            await press("r", lambda: not screen.application.is_running)

        with pytest.raises(TypeError):
            use(simulator, act)


class View:
    """The view in a terminal."""

    def __init__(self, *arguments: str, command: str | None = None, columns: int = 70, lines: int = 20) -> None:
        pexpect = pytest.importorskip("pexpect", reason="there are no terminals of this kind")
        pyte = pytest.importorskip("pyte")
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._pexpect = pexpect
        self.raw = b""
        program = [sys.executable, "-m", "knock_sdk.cli", "feed", "ana", *arguments]
        program = program if command is None else ["/bin/sh", "-c", command]
        self.child = pexpect.spawn(
            program[0],
            program[1:],
            dimensions=(lines, columns),
            env={**os.environ, "TERM": "xterm-256color"},
        )

    def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        for _ in range(600):
            if any(text in line for line in self.screen.display):
                return
            self._read()
        raise AssertionError(f"{text!r} is not shown:\n" + "\n".join(self.screen.display))

    def ends(self) -> int:
        """Wait until the program has ended; return the exit status."""
        deadline = time.monotonic() + 30
        while self._read():
            assert time.monotonic() < deadline, "it goes on"
        self.child.close()
        status: int = self.child.exitstatus
        return status

    def _read(self) -> bool:
        try:
            data = self.child.read_nonblocking(65536, 0.05)
        except self._pexpect.TIMEOUT:
            return True
        except self._pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True


@pytest.fixture
def view(sim: Simulator) -> Iterator[View]:
    fill(sim, 12)
    view = View("--interval", "0.5")
    view.shows("12 is new")
    yield view
    view.child.close(force=True)


ENTERED, LEFT = b"\x1b[?1049h", b"\x1b[?1049l"


class TestInATerminal:
    def test_a_session(self, view: View, sim: Simulator) -> None:
        view.shows("12 unread of 12")
        view.child.send("r")
        view.shows("11 unread of 12")
        view.child.send("ja")
        view.shows("Archived; u takes it back.")
        fill(sim, 1)
        view.shows("11 unread of 12")
        view.screen.resize(12, 40)
        view.child.setwinsize(12, 40)
        view.child.send("G")
        view.shows("> * 2026-01-05 09:00 news by ian")
        view.shows("j/k move")
        view.child.send("q")
        assert view.ends() == 0
        assert view.raw.index(ENTERED) < view.raw.index(LEFT)

    def test_ctrl_c(self, view: View) -> None:
        view.child.send("\x03")
        assert view.ends() == 130
        assert view.raw.rindex(LEFT) > view.raw.rindex(ENTERED)
        assert b"Traceback" not in view.raw

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_signals(self, view: View, number: signal.Signals) -> None:
        view.child.kill(number)
        assert view.ends() == 128 + number
        assert LEFT in view.raw

    @pytest.mark.parametrize("way", ["q", "\x03"])
    def test_the_terminal_is_as_before(
        self, sim: Simulator, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        fill(sim, 1)
        program = f"{sys.executable} -m knock_sdk.cli feed ana"
        command = f"stty -a > before; {program}; stty -a > after; cmp before after && echo same"
        view = View(command=command)
        view.shows("1 is new")
        view.child.send(way)
        view.shows("same")

    def test_a_server_that_refuses(self, sim: Simulator) -> None:
        fill(sim, 1)
        sim.fail("users.feeds.list_items", next=None, status=403)
        view = View()
        view.shows("Error: 403")
        assert view.ends() == 1
        assert ENTERED not in view.raw
