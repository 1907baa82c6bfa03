"""The shapes of the data: what comes in, what goes out, what is stored."""
