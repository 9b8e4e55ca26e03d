"""Running the cells of the book: once, in clean rooms, all mistakes told together."""

from coursebook.execute.full import store
from coursebook.execute.proofs import prove
from coursebook.execute.runner import Report, made_with, name, outputs, results, run

__all__ = ["Report", "made_with", "name", "outputs", "prove", "results", "run", "store"]
