"""The groups that the help shows."""

LEARNERS = "Learners"
GRADERS = "Graders"
AUTHORS = "Authors"
