"""``python -m coursebook``: what ``course.py`` hands over to."""

import os
import signal
import sys


def run() -> int:
    """Run the command line; Ctrl-C says one line, wherever it falls, and `| head` nothing."""
    try:
        # The front door holds Ctrl-C back while this interpreter starts.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        from coursebook.cli import main

        status = main()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        # Source: https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(run())
