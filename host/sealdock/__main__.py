# SPDX-License-Identifier: Apache-2.0
"""`python -m sealdock` is the command line."""

from sealdock.cli import main

if __name__ == "__main__":
    main()
