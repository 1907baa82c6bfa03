"""Where the apps of people one does not know run: they see their own files and nothing else."""
