"""Does nothing for longer than anybody waits, whatever it is sent."""

import signal
import time

for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(3600)
