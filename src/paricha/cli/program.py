"""`python -m paricha.cli.program`: the program where no script of that name is at hand."""

from paricha.cli.main import run

if __name__ == "__main__":
    run()
