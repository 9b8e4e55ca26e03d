"""Build, serve on loopback, open the browser, and rebuild whatever is saved.

Whoever opens the address that it prints runs cells on this computer, each chapter in a clean room.
The decks hold what is in {speaker}, and so does _build/site until the next `build`.
A mistake appears as a panel in the page and in this window, while the last good build stays.
Stop it with Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
import webbrowser
from typing import TYPE_CHECKING

from coursebook.commands import say
from coursebook.paths import Tree

if TYPE_CHECKING:
    from coursebook.serving.state import State
    from coursebook.serving.watch import Work
    from coursebook.workers import Worker

PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--port", type=int, default=PORT, help="the first port to try (default: %(default)s)"
    )
    parser.add_argument(
        "--no-machine", action="store_true", help="build no Linux for the tab, and serve none"
    )
    parser.add_argument(
        "--without-speaker-notes", action="store_true", help="leave out what is in {speaker}"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Serve until stopped.

    Raises:
        CourseError: Another build holds the book, or no port is free.
    """
    from coursebook import publish, steps
    from coursebook.serving import server

    listener = server.free_socket(arguments.port)
    if not arguments.without_speaker_notes:
        say("the decks hold what is for speakers alone; `build` leaves it out")
    with listener, publish.one_build_at_once(tree, wait=False):
        publish.recover(tree)
        # Started before any thread: a process that has threads must not fork.
        with steps.workers(tree, speaker_notes=not arguments.without_speaker_notes) as crew:
            machine, opens = not arguments.no_machine, not arguments.no_open
            return asyncio.run(serve(tree, crew, listener, machine=machine, opens=opens))


async def serve(
    tree: Tree, crew: list[Worker], listener: object, *, machine: bool, opens: bool
) -> int:
    """Run server, first build and watcher side by side until Ctrl-C."""
    import socket

    import uvicorn

    from coursebook.serving import server
    from coursebook.serving.guard import Guard
    from coursebook.serving.rooms import Rooms
    from coursebook.serving.state import State

    assert isinstance(listener, socket.socket)
    state, rooms = State(), Rooms(tree, say)
    port = listener.getsockname()[1]
    guard = Guard((f"{server.HOST}:{port}", f"localhost:{port}"), port)
    settings = uvicorn.Config(
        server.application(tree, state, guard, rooms),
        log_level="warning",
        # No line of a log may hold the token.
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
    )
    web = uvicorn.Server(settings)
    serving = asyncio.create_task(web.serve(sockets=[listener]))
    while not (web.started or serving.done()):
        await asyncio.sleep(0.01)
    address = f"http://{server.HOST}:{port}/"
    say(f"serving {address}?token={guard.token} (Ctrl-C stops)")
    say("this address runs cells on this computer: open it yourself, and give it to nobody")
    writing = asyncio.create_task(rebuild(tree, crew, state, machine=machine))
    if opens:
        await asyncio.to_thread(webbrowser.open, f"{address}?token={guard.ticket()}")
    try:
        await asyncio.wait({serving, writing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await state.close()
        await asyncio.to_thread(rooms.close)
        web.should_exit = True
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
        await serving
    return 0


async def rebuild(tree: Tree, crew: list[Worker], state: State, *, machine: bool) -> None:
    """Build now and after each change; the machine once, when the book can be read."""
    from coursebook.live import equipment
    from coursebook.live.background import MachineBuilder
    from coursebook.serving import watch

    builder = MachineBuilder(tree, state.shelf, say)
    try:
        await asyncio.to_thread(equipment.editor_and_terminal, say, say)
        if machine:
            await builder.look()
        await build_once(tree, crew, state)
        if machine:
            builder.begin()
        async for work in watch.changes(tree):
            await react(tree, crew, state, work)
            if machine:
                builder.begin()
    finally:
        await builder.close()


async def react(tree: Tree, crew: list[Worker], state: State, work: Work) -> None:
    """Do what a change asks for."""
    from coursebook.serving.watch import Work

    if work is Work.ENGINE:
        say("the engine's own code changed: stop with Ctrl-C and start again to use it")
        return
    if work is Work.RESTART:
        for worker in crew:
            worker.restart()
    await build_once(tree, crew, state)


async def build_once(tree: Tree, crew: list[Worker], state: State) -> None:
    """Build, publish if it is good, and tell window and pages."""
    from coursebook import publish, steps
    from coursebook.problems import CourseError, Problem, report

    await state.tell(building=True)
    started = time.monotonic()

    def work() -> list[str]:
        problems = steps.make(tree, crew, lambda message: None)
        if problems:
            raise CourseError(problems)
        return publish.update(tree, state.shelf.machine)

    try:
        changed = await asyncio.to_thread(work)
    except CourseError as error:
        report(error.problems)
        say("the last good build stays" if tree.site.exists() else "there is no good build yet")
        await state.tell(building=False, problems=error.problems)
        return
    except RuntimeError as error:
        # A bug of the engine must not take the author's window away.
        say(str(error))
        bug = Problem("", 0, "engine-bug", "the engine itself failed", "its window says how")
        await state.tell(building=False, problems=[bug])
        return
    seconds = time.monotonic() - started
    pages = sum(address.endswith(".html") for address in changed)
    say(f"built in {seconds:.2f} s, {pages} pages changed")
    await state.tell(building=False, problems=[], changed=changed)
