import sys

from loguru import logger


class LogListener:
    SENTENCES = {"startup": "Taskboard is up", "shutdown": "Taskboard is down"}

    def __init__(self) -> None:
        logger.remove()
        logger.add(sys.stdout, format="{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}")

    def on_event(self, event: str) -> None:
        logger.success(self.SENTENCES[event])
