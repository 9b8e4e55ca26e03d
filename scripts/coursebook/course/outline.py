from __future__ import annotations
from dataclasses import dataclass, field
import yaml


@dataclass(frozen=True)
class Entry:
    path: str
    line: int = 0
    children: tuple = ()


@dataclass(frozen=True)
class Part:
    caption: str
    entries: tuple


@dataclass(frozen=True)
class Outline:
    root: Entry
    parts: tuple


def read_outline(tree):
    d = yaml.safe_load(tree.toc.read_text())
    e = lambda n: Entry(n["file"] + ".md")
    return Outline(
        Entry(d["root"] + ".md"),
        tuple(Part(p.get("caption", ""), tuple(e(c) for c in p["chapters"])) for p in d["parts"]),
    )
