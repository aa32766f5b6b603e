"""`python -m lamplighter` is the `lamplighter` command."""

from lamplighter.cli import main

if __name__ == "__main__":  # a spawned server process imports this module again
    main()
