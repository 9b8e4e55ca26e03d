"""``python -m coursebook``: what ``course.py`` hands over to."""

import signal
import sys


def run() -> int:
    """Run the command line; Ctrl-C says one line, wherever it falls."""
    try:
        # The front door holds Ctrl-C back while this interpreter starts.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        from coursebook.cli import main

        return main()
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(run())
