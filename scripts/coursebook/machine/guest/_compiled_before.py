"""Compiles a source that was compiled before in no time.

An emulated processor needs a minute to compile pip, which `python3 -m venv` does twice: once to
import it out of its wheel, once when it is installed. What a source compiles to depends on the
source alone, but for the name of its file. FOLDER holds that for the wheels that came with the
machine, by the hash of the source that Python itself uses (PEP 552).

Imported by the machine's ``py_compile`` and by the pip that its ``ensurepip`` starts.
"""

from __future__ import annotations

import _frozen_importlib_external as external
import _imp
import _io
import marshal
import sys
import types
import zipimport

FOLDER = "/usr/local/lib/compiled"

_compile_file = external.SourceLoader.source_to_code
_normal = zipimport._normalize_line_endings  # type: ignore[attr-defined]
_compile_zipped = zipimport._compile_source  # type: ignore[attr-defined]


def name_of(source: bytes) -> str:
    """Name what a source compiles to in this version of Python."""
    magic = int.from_bytes(external.MAGIC_NUMBER, "little")
    return _imp.source_hash(magic, source).hex()


def _compiled_before(source: bytes, path: str) -> types.CodeType | None:
    """Return the code of a source, as if it stood at a path; None if it is not known."""
    if sys.flags.optimize or not isinstance(source, bytes):
        return None
    try:
        with _io.FileIO(f"{FOLDER}/{name_of(source)}") as file:
            code: types.CodeType = marshal.loads(file.readall())
    except OSError:
        return None
    _imp._fix_co_filename(code, path)  # type: ignore[attr-defined]
    return code


def _source_to_code(self, data, path, *, _optimize=-1):  # type: ignore[no-untyped-def]
    code = _compiled_before(data, path) if _optimize == -1 else None
    return code or _compile_file(self, data, path, _optimize=_optimize)


def _compile_source(pathname: str, source: bytes) -> types.CodeType:
    known = _compiled_before(_normal(source), pathname)
    return known or _compile_zipped(pathname, source)


external.SourceLoader.source_to_code = _source_to_code  # type: ignore[method-assign]
zipimport._compile_source = _compile_source  # type: ignore[attr-defined]
