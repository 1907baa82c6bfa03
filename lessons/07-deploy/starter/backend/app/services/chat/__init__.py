"""The chatbot: asks a model, lets it use tools, keeps what was said, and counts what it costs."""
