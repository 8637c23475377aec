# SPDX-License-Identifier: Apache-2.0
"""What the simulator decided about this recorder: one JSON file, named by the environment.

The file is written whole by sim/sealsim/hardware.py before each start, so nothing here has a default:
a missing key is an error of the simulator and is raised as KeyError.
"""

import json
import os


def load():
    """Returns the settings as a dict. SystemExit with one line when the simulator did not start us."""
    path = os.getenv("SEALDOCK_SIM")
    if not path:
        raise SystemExit("this board runs only under the simulator: SEALDOCK_SIM names no settings file")
    with open(path) as file:
        return json.load(file)
