"""A book with every kind of question, for tests of what is built and of what a reader meets."""

from __future__ import annotations

from pathlib import Path

from books import CONFIG, Book

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"

CHOICE = """\
:::{choice}
:see: three-promises

Which of these notices an altered file?

- [ ] a pin

  It compares *versions* only.

- [x] a hash
- [ ] a marker

  It asks whether a package is wanted.
:::
"""

SEVERAL = """\
:::{choice}
:several:

Which of them hold versions?

- [x] a pin
- [x] a lock
- [ ] a shell

  It starts programs.
:::
"""

ORDERING = """\
:::{ordering}
What comes first?

1. resolve
2. download
3. check

+++ answer
Nothing is checked that is not there.
:::
"""

MATCHING = """\
:::{matching}
What belongs together?

| you want | you need |
|---|---|
| one version | a pin |
| the same bytes | a hash |
|  | a marker |
:::
"""

PREDICT = """\
:::{predict}
:line: -1

What does the last line say?

- [ ] `41`

  That is one less.
:::

```{code-cell} bash
:tags: [raises-exception]
echo first; echo $((6 * 7)); false
```
"""

TYPED = """\
:::{predict}
What does it print?
:::

```{code-cell} python
print(6 * 7)
```
"""

TASK = """\
:::{task} Make a file
Write `done` into a file `here.txt`.

+++ setup
```bash
echo old > before.txt
```
+++ check
```bash
[ -f here.txt ] || { echo "There is no here.txt."; exit 1; }
grep -q done here.txt
```
+++ hint
Use `echo`.
+++ hint
Use `>`, too.
+++ solution
```bash
echo done > here.txt
```
It is as simple as that.
:::
"""

CARD = """\
:::{question}
:seconds: 30

What is an environment?

+++ answer
A folder.

+++ follow-up
And what does it hold?
:::
"""

GOOD = f"""{HEAD}# Checks

## Promises

(three-promises)=
### Three promises

Some words about promises.

### Choices

{CHOICE}
### More choices

{SEVERAL}
### Orders

{ORDERING}
### Pairs

{MATCHING}
### Predictions

{PREDICT}
### Typed predictions

{TYPED}
### Tasks

{TASK}
### Cards

{CARD}
"""


def self_check_book(folder: Path, more: str = "") -> Book:
    """Write the book, with more at its end, and build it."""
    book = Book(folder)
    # As the real book has it: a box of an answer is none of a list of things to do.
    book.write("_config.yml", CONFIG.replace("substitution]", "substitution, tasklist]"))
    book.chapter("checks", f"{GOOD}{more}")
    return book.build()
