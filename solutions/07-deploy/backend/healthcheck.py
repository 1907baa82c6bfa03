"""Ask the app in this container whether it is well; the exit code is the answer."""

import os
from http.client import HTTPConnection

connection = HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=2)
connection.request("GET", "/health")
raise SystemExit(connection.getresponse().status != 200)  # noqa: PLR2004 - HTTP's word for well
