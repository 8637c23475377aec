# SPDX-License-Identifier: Apache-2.0
"""The tests of signatures, key agreement and SHA-512 on the portable code, also where the processor has Thumb-2."""

from sealcam import thumb2

thumb2.here = lambda: False  # before anything asks

from device_curve import *  # noqa: E402, F403
from device_ed25519 import *  # noqa: E402, F403
from device_inversion import *  # noqa: E402, F403
from device_sha512 import *  # noqa: E402, F403
from device_x25519 import *  # noqa: E402, F403

from sealcam import sha512  # noqa: E402
from sealcam.curve25519 import field, group, scalar  # noqa: E402


def test_the_choice():
    assert group.Machine is field.Machine
    assert scalar._reduce_into is scalar._portable_reduce
    assert sha512._hash_into is sha512._portable
