# SPDX-License-Identifier: Apache-2.0
"""Whether a part holds as much sound as time passed while it was recorded.

Segments count their samples on from each other, so a microphone that stood still leaves no hole in the count. The recorder's own
milliseconds do not stand still: what they have more than samples, held and counted as lost, is time that nobody hears. The last segment
of a part that ends in an interruption is left to that interruption.
"""

from sealproto import records as rec

SLACK_MS = 2000  # the microphone's buffer of a second, and the time that sealing takes
SLACK_SHARE = 100  # one in so many: two clocks, of which one may be as coarse as a microphone's


class Pace:
    """Of one part, begun by session-open or resume. Feed its segments."""

    def __init__(self, opened: rec.Record) -> None:
        sound = (opened.fields or {})["media"][1]
        self._rate = sound[0] if sound else 0
        self._begun: int | None = None
        self._samples = 0
        self._told = False

    def add(self, fields: dict) -> int:
        """The ms that passed unheard up to the end of this segment, the first time that they are too many; else 0."""
        self._begun = fields["start_ms"] if self._begun is None else self._begun
        self._samples += fields["samples"] + fields["lost_samples"]
        if self._told or not self._rate:
            return 0
        elapsed: int = fields["end_ms"] - self._begun
        unheard = elapsed - self._samples * 1000 // self._rate
        if unheard <= SLACK_MS + elapsed // SLACK_SHARE:
            return 0
        self._told = True
        return unheard
