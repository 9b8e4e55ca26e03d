"""The Python of a room: IPython's shell without Jupyter's wire, driven as the bash beside it.

Started as ``python3 python_cells.py MARK POST LIBRARY [told-apart]`` by the room's interpreter. A
line on the bell names the file of the folder POST in which a cell lies; text goes to the terminal,
in the order in which it is written; rich outputs go to the letter box, and a mark on the terminal
says where each belongs. If stderr is to be told apart, marks on the terminal stand around what is
written to ``sys.stderr``; what processes write to descriptor 2 cannot be told apart without losing
the order.

The interpreter must look to a cell as one that a learner started by typing ``python3``: the same
``sys.path``, ``sys.argv``, prefix and environment. IPython is therefore not on ``sys.path``; a
finder behind all others serves it, and what it needs, from LIBRARY by name.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import io
import json
import os
import signal
import sys
import types
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BELL, TERMINAL, LETTERS = 252, 253, 254

SERVED = frozenset(
    {
        "IPython",
        "asttokens",
        "decorator",
        "executing",
        "ipython_pygments_lexers",
        "jedi",
        "matplotlib_inline",
        "parso",
        "pexpect",
        "prompt_toolkit",
        "psutil",
        "ptyprocess",
        "pure_eval",
        "pygments",
        "stack_data",
        "traitlets",
        "typing_extensions",
        "wcwidth",
    }
)
"""IPython and the packages that it imports."""


class Library:
    """Finds the allowed packages in a folder that is not on ``sys.path``."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the allowed names; importlib.abc.MetaPathFinder."""
        if path is None and name in SERVED:
            return importlib.machinery.PathFinder.find_spec(name, [self.folder])
        return None


def main() -> None:
    """Set up the shell, then run cells until the bell is taken away."""
    mark, post, library, *wishes = sys.argv[1:]
    for descriptor in (BELL, TERMINAL, LETTERS):
        os.set_inheritable(descriptor, False)
    environment = dict(os.environ)
    sys.argv[:] = [""]
    sys.path[0] = ""
    sys.meta_path.append(Library(library))
    if "told-apart" in wishes:
        sys.stderr = told_apart(mark)
        sys.__stderr__ = sys.stderr  # type: ignore[misc]  # as at a start of Python
    shell = make_shell(Post(mark))
    os.environ.clear()
    os.environ.update(environment)
    runner = Runner(shell)
    tell_status(mark, 0)
    with os.fdopen(BELL, "rb", buffering=0, closefd=False) as bell:
        while name := bell.readline():
            source = Path(post, name.decode().strip()).read_text(encoding="utf-8")
            tell_status(mark, 0 if runner.run(source) else 1)


class Runner:
    """Runs cells, and lets Ctrl-C reach them alone: between two cells it would end this program."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.handler = signal.getsignal(signal.SIGINT)
        self.shut()

    def run(self, source: str) -> bool:
        """Run a cell; tell whether it came to its end without an exception."""
        try:
            signal.signal(signal.SIGINT, self.handler)
            success = bool(self.shell.run_cell(source, store_history=True).success)
        except KeyboardInterrupt:
            success = False
        self.shut()
        return success

    def shut(self) -> None:
        """Keep the cell's handler for the next one, and ignore Ctrl-C."""
        while signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            with contextlib.suppress(KeyboardInterrupt):
                self.handler = signal.getsignal(signal.SIGINT)
                signal.signal(signal.SIGINT, signal.SIG_IGN)


class MarkedError(io.RawIOBase):
    """Descriptor 2, with marks around all that is written through this object."""

    name = "<stderr>"

    def __init__(self, mark: str) -> None:
        self.before, self.after = f"\0{mark}:err\0".encode(), f"\0{mark}:out\0".encode()

    def fileno(self) -> int:
        """Return the descriptor."""
        return 2

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(2)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Write, with marks around."""
        text = bytes(data)
        # A cell may have turned descriptor 2 to a file, where no mark belongs.
        on_terminal = os.fstat(2).st_rdev == os.fstat(TERMINAL).st_rdev
        # At once: another process must not write between a mark and its text.
        write_all(2, self.before + text + self.after if on_terminal else text)
        return len(text)


def told_apart(mark: str) -> io.TextIOWrapper:
    """Make a ``sys.stderr`` that differs from Python's own by its marks alone."""
    stream = io.TextIOWrapper(
        io.BufferedWriter(MarkedError(mark)),
        encoding=sys.stderr.encoding,
        errors=sys.stderr.errors,
        line_buffering=True,
    )
    stream.mode = "w"  # type: ignore[misc]  # as CPython's own start does
    return stream


def write_all(descriptor: int, data: bytes) -> None:
    """Write to a descriptor that may take less than it is given."""
    while data:
        data = data[os.write(descriptor, data) :]


def tell_status(mark: str, status: int) -> None:
    """Say on the terminal that the cell is over, after all that it wrote."""
    flush()
    write_all(TERMINAL, f"\0{mark}:{status}\0".encode())


def flush() -> None:
    """Send what waits in Python's buffers; a cell may have closed them."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue


class Post:
    """Sends rich outputs, in order with the text."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def send(self, output: dict[str, Any]) -> None:
        """Put a letter into the box, and its mark on the terminal."""
        flush()
        write_all(TERMINAL, f"\0{self.mark}:letter\0".encode())
        write_all(LETTERS, json.dumps(output, default=str).encode() + b"\n")


def make_shell(post: Post) -> Any:
    """Make IPython's shell: no history file, no colours, plain tracebacks, outputs to ``post``."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Hook(DisplayHook):
        """Sends the value of a cell's last expression."""

        def write_output_prompt(self) -> None:
            """Leave the prompt to the page."""

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            post.send(
                {
                    "output_type": "execute_result",
                    "data": format_dict,
                    "metadata": md_dict or {},
                    "execution_count": self.prompt_count,
                }
            )

        def finish_displayhook(self) -> None:
            """Write nothing: IPython would end the line."""

    class Publisher(DisplayPublisher):
        """Sends what ``display`` is given."""

        def publish(
            self,
            data: Any,
            metadata: Any = None,
            source: Any = None,
            *,
            transient: Any = None,
            update: bool = False,
            **other: Any,
        ) -> None:
            post.send(
                {
                    "output_type": "display_data",
                    "data": data,
                    "metadata": metadata or {},
                    "transient": transient or {},
                    "update": update,
                }
            )

        def clear_output(self, wait: bool = False) -> None:
            post.send({"output_type": "clear_output", "wait": wait})

    class Shell(InteractiveShell):
        """A shell whose errors are outputs, and whose ``!commands`` share the one terminal."""

        system = InteractiveShell.system_raw

        def init_ipython_dir(self, ipython_dir: Any) -> None:
            """Keep no folder in the learner's home."""

        def init_profile_dir(self, profile_dir: Any) -> None:
            """Keep no profile."""

        def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
            post.send(
                {
                    "output_type": "error",
                    "ename": str(getattr(etype, "__name__", etype)),
                    "evalue": str(evalue),
                    "traceback": list(stb),
                }
            )

        def ask_exit(self) -> None:
            """End the interpreter, as a learner's ``exit()`` would; the room tells of it."""
            flush()
            os._exit(0)

        def enable_gui(self, gui: Any = None) -> None:
            """Have no windows."""

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    # IPython's advice on how to leave a terminal; the exception itself is shown.
    warnings.filterwarnings("ignore", message="To exit: use")
    module = types.ModuleType("__main__", None)
    return Shell.instance(
        config=config,
        displayhook_class=Hook,
        display_pub_class=Publisher,
        colors="nocolor",
        xmode="Plain",
        autocall=0,
        user_module=module,
    )


if __name__ == "__main__":
    main()
