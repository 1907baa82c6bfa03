"""What `./course` does before the checker runs: make the environments, hand over.

Standard library only, since nothing is installed yet; and every start pays for what `main` and
`environment` import, so what only a set-up needs is imported when one is due.
"""
