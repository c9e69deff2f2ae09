"""`python -m paricha.synthetic --tips N --seed S --out DIR`: write a made-up State and print its totals."""

import argparse
import json
from pathlib import Path

from paricha.synthetic.state import write_state


def main() -> None:
    """Write the State and print its totals as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m paricha.synthetic")
    parser.add_argument("--tips", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    print(json.dumps(write_state(options.out, options.tips, options.seed)))


if __name__ == "__main__":
    main()
