"""The learner's images and containers: built, looked into, run, and removed again."""
