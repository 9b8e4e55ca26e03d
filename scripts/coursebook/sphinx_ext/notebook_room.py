"""The first cell of a downloaded notebook: a room for the others, on the reader's own machine.

The cells of a chapter run in a folder of their own, with the packages of the book at hand and no
network. A notebook brings the same along, so that it runs as it was written and changes nothing
else: a new home folder, the package index inside it (a few kilobytes), the same settings.
"""

from __future__ import annotations

import base64
import io
import lzma
import tarfile
import textwrap
from collections.abc import Sequence
from pathlib import Path

from coursebook.execute import index, plan, tools
from coursebook.paths import Tree

WIDTH = 96

ROOM = """\
# Run this cell first. It makes a room for the others: a new home folder in a temporary place, in
# which they work. Your own files and settings stay as they are, and nothing is fetched.
import base64, io, os, shutil, sys, tarfile, tempfile

home = os.path.realpath(tempfile.mkdtemp(prefix="room-"))
for name in list(os.environ):
    if name.startswith(("PIP_", "UV_", "PYTHON")) or name == "VIRTUAL_ENV":
        del os.environ[name]
os.environ["HOME"] = home
os.makedirs(os.path.join(home, {topic!r}))
os.chdir(os.path.join(home, {topic!r}))
"""

INDEX = '''\
# The room gets the small packages of this book: the long text below is their files, packed. The
# settings tell pip and uv to look there and nowhere else.
os.environ.update({{
    name: value.format(home=home) for name, value in {variables}.items()
}})
packages = """
{packed}
"""
with tarfile.open(fileobj=io.BytesIO(base64.b85decode(packages.replace("\\n", "")))) as archive:
    archive.extractall(os.path.join(home, "index"), filter="data")
'''

UV = """\
if not shutil.which("uv"):
    print("Some cells use uv. Install it in a terminal: python3 -m pip install uv", file=sys.stderr)
"""

TOOLS = """\
print("Some cells use tools that this room does not bring: {tools}.", file=sys.stderr)
"""

SHELL = '''\
# Each %%bash cell begins where the one before it ended: same folder, same variables.
state = os.path.join(home, ".state")
with open(state + ".begin", "w") as begin:
    begin.write(f"""unset BASH_ENV
[ -f {state} ] && . {state} 2>/dev/null
trap '{{ declare -p; declare -f; printf "cd %q\\\\n" "$PWD"; }} > {state}' EXIT
""")
os.environ["BASH_ENV"] = begin.name
'''
"""``%%bash`` starts a new bash each time. A bash that is not interactive reads the file named by
``BASH_ENV`` first (https://www.gnu.org/software/bash/manual/bash.html#Bash-Startup-Files)."""


def room_cell(tree: Tree, topic: str, named: Sequence[str], sources: str) -> str:
    """Write the first code cell of a chapter's notebook.

    Args:
        tree: The book.
        topic: Name of the folder in which the cells work.
        named: The tools that the chapter asks for, with those of its stored outputs.
        sources: All cells, which decide what they need.
    """
    source = ROOM.format(topic=topic)
    folder = index.build(tree).folder
    if folder is not None:
        variables = {
            name: value.replace(plan.HOME, "{home}")
            for name, value in plan.ENVIRONMENT.items()
            if name.startswith(("PIP_", "UV_", "NO_COLOR"))
        }
        source += INDEX.format(variables=_table(variables), packed=_packed(folder))
    if "uv " in sources:
        source += UV
    if named:
        packages = [package for tool in named for package in tools.versions(tool)]
        source += TOOLS.format(tools=", ".join(packages))
    if "%%bash" in sources:
        source += SHELL
    return source.rstrip("\n")


def _table(variables: dict[str, str]) -> str:
    rows = "".join(f"    {name!r}: {value!r},\n" for name, value in sorted(variables.items()))
    return f"{{\n{rows}}}"


def _packed(folder: Path) -> str:
    """Pack a folder, always into the same bytes, as text."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
                entry.size, entry.mtime = path.stat().st_size, index.SECONDS
                archive.addfile(entry, io.BytesIO(path.read_bytes()))
    packed = lzma.compress(data.getvalue(), preset=9)
    # Base85 has no quotes and no backslash, but braces, which `format` leaves alone in a value.
    return textwrap.fill(base64.b85encode(packed).decode(), WIDTH, break_on_hyphens=False)
