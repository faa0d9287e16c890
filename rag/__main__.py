"""`rag` and `python -m rag`: one line on stderr for an error, its class told by the exit status."""

from __future__ import annotations

import os
import sys

from rag.errors import DatelineError

# 0 done · 1 a gate failed · 2 yours to mend · 3 partly done · 130 interrupted
MENDABLE, INTERRUPTED = 2, 130


def main() -> None:
    """Run the command line."""
    from rag.cli import app

    try:
        app()
    except DatelineError as error:
        print(f"rag: {error}", file=sys.stderr)
        sys.exit(MENDABLE)
    except KeyboardInterrupt:
        print("rag: interrupted; what was stored is kept", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
