# SPDX-License-Identifier: Apache-2.0
"""What a sync tells while it runs."""

from typing import Protocol


class Progress(Protocol):
    """Receives a sync's steps. `kind` is "records" (counted) or "media" (bytes)."""

    def begin(self, kind: str, total: int) -> None: ...

    def advance(self, kind: str, amount: int) -> None: ...

    def end(self, kind: str) -> None: ...

    def note(self, key: str, **values: object) -> None:
        """One event, by its key in sealdock.text."""


class Quiet:
    """Tells nobody."""

    def begin(self, kind: str, total: int) -> None:
        pass

    def advance(self, kind: str, amount: int) -> None:
        pass

    def end(self, kind: str) -> None:
        pass

    def note(self, key: str, **values: object) -> None:
        pass
