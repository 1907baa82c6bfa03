"""Check an app again whenever one of its files is saved."""
