"""Try each client that is installed, and print the table."""

from __future__ import annotations

import warnings

from .clients import installed
from .trials import TRIALS


def main() -> None:
    """Print a row for each trial."""
    warnings.simplefilter("ignore")  # those of other clients
    clients = list(installed())
    print("| what happens |", " | ".join(f"{client.name} {client.version}" for client in clients), "|")
    print("|---" * (1 + len(clients)), end="|\n")
    for trial in TRIALS:
        print(f"| {trial.what} |", " | ".join(trial.try_it(client) for client in clients), "|", flush=True)


if __name__ == "__main__":
    main()
