"""The lessons in a browser, each with a panel that shows how its tasks stand."""
