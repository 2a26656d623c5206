"""`python -m casekit` is the command line."""

from casekit.cli import main

if __name__ == "__main__":
    main()
