"""The stages of a Space, by the names that the Hub gives them."""

from typing import Final

NO_APP_FILE: Final = "NO_APP_FILE"
CONFIG_ERROR: Final = "CONFIG_ERROR"
BUILDING: Final = "BUILDING"
BUILDING_ANEW: Final = "RUNNING_BUILDING"  # while the version before still answers
BUILD_ERROR: Final = "BUILD_ERROR"
STARTING: Final = "APP_STARTING"
STARTING_ANEW: Final = "RUNNING_APP_STARTING"
RUNNING: Final = "RUNNING"
RUNTIME_ERROR: Final = "RUNTIME_ERROR"
SLEEPING: Final = "SLEEPING"
PAUSED: Final = "PAUSED"
