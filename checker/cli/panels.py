"""The groups that the help shows."""

LEARNERS = "Learners"
AUTHORS = "Authors"
