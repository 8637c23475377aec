# SPDX-License-Identifier: Apache-2.0
"""Every limit of the link, on both sides. docs/protocol.md names them by these names."""

# Frames and transport
PAYLOAD_MIN = 32  # bytes of stream in a frame; the payload size moves between these two with the measured loss
PAYLOAD_MAX = 4096
WINDOW_MAX = 0xFF00  # bytes of stream that may be under way; a power of two below it is what a sender keeps
PACKETS_MAX = 512  # frames under way whose fate is not known; as many bits an acknowledgement reports at most
ACK_SHARE = 70  # one byte of acknowledgement is earned by so many received: 1.4 % of the line
ACK_EARN_MS = 4  # and one by so much time, so that a quiet line still answers
ACK_BORROW = 64  # bytes of acknowledgement that a quiet line may have before they are earned
ACK_REPEATS = 3  # each frame's fate is told in so many acknowledgements
ACK_EVERY = 8192  # so many bytes came, or a frame is missing: acknowledge at once, where that is earned
ACK_QUIET_MS = 5  # the line is quiet for so long: acknowledge what came
PROBE_FIRST_MS = 250  # silence that makes a sender repeat, before the round trip is known
PROBE_MIN_MS = 30
PROBE_MAX_MS = 2000
OPEN_EVERY_MS = 150  # repetition of an opening that is not answered
OPEN_FOR_MS = 3000  # then there is nobody
KEEPALIVE_MS = 1000  # nothing came for so long: ask
DEAD_MS = 5000  # not a byte came for so long: the link is lost
DEAF_MS = 20000  # not a sound frame came for so long: the same

# Messages
MESSAGE_MAX_BEFORE = 2048  # bytes of a message before the peer is authenticated
MESSAGE_MAX = 65536  # and after
PART_MAX = 2048  # bytes of an object in one put-object: a small recorder holds a message four times while it is opened
RECORDS_MAX = 32768  # bytes of records in one answer
PIPELINE = 8  # requests that a recorder takes before it has answered the first

# Clock
CLOCK_FIRST_MS = 946_684_800_000  # 2000-01-01 and 2100-01-01, UTC in ms: what a calendar chip with two digits for the year can show
CLOCK_END_MS = 4_102_444_800_000

# Handshake
ANSWER_SEALED = 1520  # sealed bytes of a recorder's second answer, or as many zeros when it refuses
LISTED_MAX = 8  # versions or suites that a hello may offer
ATTEMPTS_PER_MINUTE = 10
HANDSHAKE_MS = 15000  # from the first byte to the last; then the attempt is dropped
ANSWER_STEP_MS = 500  # a refusal leaves at a multiple of this after the message came, whatever was wrong
CERTIFICATES_MAX = 4
