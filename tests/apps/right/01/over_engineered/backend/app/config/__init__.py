import os


class ProcessEnvironment:
    def read(self, name: str, default: str) -> str:
        return os.environ.get(name) or default
