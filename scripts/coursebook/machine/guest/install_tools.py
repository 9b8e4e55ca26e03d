"""install_tools.py FOLDER: installs the tools of cells, each into an environment of its own.

``FOLDER/<name>`` holds the wheels of a tool and ``direct.txt``, the packages whose commands go on
the PATH. None may replace a command that is there.
"""

import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

UV = "/usr/local/bin/uv"
COMMANDS = Path("/usr/local/bin")

for folder in sorted(Path(sys.argv[1]).iterdir()):
    home = Path("/opt/tools", folder.name)
    subprocess.run([UV, "venv", "--quiet", "--python", "/usr/local/bin/python3", home], check=True)
    wheels = [path.name.split("-") for path in sorted((folder / "wheels").iterdir())]
    subprocess.run(
        [
            *(UV, "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-cache"),
            *("--link-mode", "copy", "--find-links", folder / "wheels"),
            *("--python", home / "bin" / "python"),
            *(f"{name}=={version}" for name, version, *_ in wheels),
        ],
        check=True,
    )
    direct = (folder / "direct.txt").read_text().split()
    for found in distributions(path=[str(home / "lib/python3.13/site-packages")]):
        if re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower() not in direct:
            continue
        for path in found.files or ():
            place = Path(str(path.locate())).resolve()
            if place.parent == home / "bin":
                (COMMANDS / place.name).symlink_to(place)
