"""What each lesson needs of the machine, and what is missing."""
