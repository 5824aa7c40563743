"""`python -m deploy.cli` is `tertulia`."""

from __future__ import annotations

from deploy.cli.app import main

if __name__ == "__main__":
    main()
