"""compile_wheels.py FOLDER WHEEL...: compiles all modules of wheels for ``_compiled_before.py``."""

import marshal
import sys
import zipfile
from pathlib import Path

from _compiled_before import hash_of

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
places: dict[bytes, tuple[int, int]] = {}
with (folder / "codes").open("wb") as codes:
    for wheel in sys.argv[2:]:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                source = archive.read(name) if name.endswith(".py") else b""
                if not name.endswith(".py") or hash_of(source) in places:
                    continue
                try:
                    code = compile(source, name, "exec", dont_inherit=True)
                except (SyntaxError, ValueError):
                    continue  # Python tells of that when it is imported
                data = marshal.dumps(code)
                places[hash_of(source)] = (codes.tell(), len(data))
                codes.write(data)
(folder / "places").write_bytes(marshal.dumps(places))
