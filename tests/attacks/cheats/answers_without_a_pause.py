"""Answers with hints that an answer will come, without end and without a pause."""

import contextlib
import os
import socket

for number in range(3, 64):
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as listener:
        while True:
            client, _ = listener.accept()
            with contextlib.suppress(OSError):
                while True:
                    client.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)
