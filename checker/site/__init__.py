"""The site: mkdocs builds it, from docs/, the lessons' texts, and facts that the code states."""
