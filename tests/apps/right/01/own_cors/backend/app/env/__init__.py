"""Constants from the environment, read when the process starts."""

import os
import sys

ORIGINS = {
    origin.strip()
    for origin in os.getenv("CORS_ORIGINS", "http://localhost:3000").split(",")
    if origin.strip()
}

if "*" in ORIGINS:
    sys.exit("CORS_ORIGINS must not be *, because we send credentials")
