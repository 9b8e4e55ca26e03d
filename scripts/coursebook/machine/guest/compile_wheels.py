"""compile_wheels.py FOLDER WHEEL...: compiles all modules of wheels for ``_compiled_before.py``."""

import marshal
import sys
import zipfile
from pathlib import Path

from _compiled_before import name_of

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for wheel in sys.argv[2:]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                source = archive.read(name)
                try:
                    code = compile(source, name, "exec", dont_inherit=True)
                except (SyntaxError, ValueError):
                    continue  # Python tells of that when it is imported
                (folder / name_of(source)).write_bytes(marshal.dumps(code))
