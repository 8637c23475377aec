# SPDX-License-Identifier: Apache-2.0
"""The station's end of the line: ports, the link over one of them, and a client of the recorder behind it."""

from sealdock.link.client import Client, RecorderError, connect
from sealdock.link.line import LinkLost
from sealdock.link.ports import Port, list_ports, resolve

__all__ = ["Client", "LinkLost", "Port", "RecorderError", "connect", "list_ports", "resolve"]
