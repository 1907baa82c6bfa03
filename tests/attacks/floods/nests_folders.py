"""Makes folders inside one another, deeper than a path can name."""

import os

os.chdir(os.environ["HOME"])
for _ in range(3000):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
raise RuntimeError("deep")
