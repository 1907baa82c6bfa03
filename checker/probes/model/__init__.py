"""A model to talk to: an OpenAI-compatible server on the loopback address that follows scripts."""
