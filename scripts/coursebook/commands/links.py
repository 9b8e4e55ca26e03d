"""Ask every link that leads out of the book whether it is alive; needs the network.

Each server is asked one address at a time, and again when it is busy. Dead links are problems, with
their lines. Links that have moved for good, and those that could not be judged, are notes: a server
may refuse a program and welcome a reader.
"""

from __future__ import annotations

import argparse
import sys
from urllib.parse import urlsplit

from coursebook.commands import MISSING, say
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments: none."""


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Ask for all links.

    Returns:
        0, or 3 where most servers cannot be reached: then the fault is not the links'.

    Raises:
        CourseError: With the dead links; or the chapters cannot be read.
    """
    from coursebook.course.book import read_book
    from coursebook.course.external_links import external_links
    from coursebook.link_check import LinkChecker, State

    book = read_book(tree)
    if book.problems:
        raise CourseError(book.problems)
    links = external_links(tree, book)
    say(f"asking for {len(links)} addresses")
    answers = LinkChecker().ask_all(links)
    servers = {urlsplit(address).netloc for address in links}
    reached = {
        urlsplit(address).netloc
        for address, answer in answers.items()
        if answer.state is not State.UNREACHED
    }
    if len(reached) * 2 < len(servers):
        say(f"{len(reached)} of {len(servers)} servers answer: this verb needs the network")
        return MISSING
    problems, notes = [], []
    for address, places in links.items():
        answer = answers[address]
        for place in places:
            if answer.state in (State.DEAD, State.UNREACHED):
                hint = "mend the address, or take the link out"
                message = f"{address} is dead: {answer.words}"
                problems.append(Problem(place.path, place.line, "dead-link", message, hint))
            elif answer.state is State.MOVED:
                message, hint = f"{address} has moved for good", f"write {answer.words}"
                notes.append(Problem(place.path, place.line, "moved-link", message, hint))
            elif answer.state is State.UNSURE:
                message = f"{address} could not be judged: {answer.words}"
                hint = "open it in a browser"
                notes.append(Problem(place.path, place.line, "unsure-link", message, hint))
    for note in sorted(set(notes)):
        print(f"note: {note}", file=sys.stderr)
    if problems:
        raise CourseError(problems)
    alive = sum(1 for answer in answers.values() if answer.state in (State.ALIVE, State.MOVED))
    say(f"{alive} of {len(links)} are alive, none is dead")
    return 0
