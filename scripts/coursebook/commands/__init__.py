"""One thin file for each verb: ``add_arguments`` describes it, ``main`` does it."""
