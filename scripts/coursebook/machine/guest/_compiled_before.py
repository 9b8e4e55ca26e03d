"""Compiles a source that was compiled before in no time.

An emulated processor needs half a minute to compile pip, as `python3 -m venv` has to do it. What a
source compiles to depends on the source alone, but for the name of its file. FOLDER holds that for
the wheels that came with the machine, by the hash of the source that Python itself uses (PEP 552).

Imported by the machine's ``py_compile``, which pip calls for what it installs.
"""

from __future__ import annotations

import _frozen_importlib_external as external
import _imp
import marshal
import os
import sys
import types

FOLDER = "/usr/local/lib/compiled"

_compile = external.SourceLoader.source_to_code
_places: dict[bytes, tuple[int, int]] = {}
_codes = -1


def hash_of(source: bytes) -> bytes:
    """Name what a source compiles to in this version of Python."""
    return _imp.source_hash(int.from_bytes(external.MAGIC_NUMBER, "little"), source)


def _open() -> None:
    """Read where which code stands; the codes themselves are read one by one."""
    global _codes
    with open(f"{FOLDER}/places", "rb") as file:  # noqa: PTH123  # importing pathlib takes longer
        _places.update(marshal.load(file))
    _codes = os.open(f"{FOLDER}/codes", os.O_RDONLY | os.O_CLOEXEC)


def compiled_before(source: bytes, path: str) -> types.CodeType | None:
    """Return the code of a source, as if it stood at a path; None if it is not known."""
    if _codes < 0:
        _open()
    place = _places.get(hash_of(source))
    if place is None or sys.flags.optimize:
        return None
    offset, length = place
    code: types.CodeType = marshal.loads(os.pread(_codes, length, offset))
    _imp._fix_co_filename(code, path)  # type: ignore[attr-defined]
    return code


def _source_to_code(self, data, path, *, _optimize=-1):  # type: ignore[no-untyped-def]
    known = isinstance(data, bytes) and _optimize == -1 and compiled_before(data, path)
    return known or _compile(self, data, path, _optimize=_optimize)


external.SourceLoader.source_to_code = _source_to_code  # type: ignore[method-assign]
