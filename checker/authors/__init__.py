"""What the authors of the course need and learners never run."""
