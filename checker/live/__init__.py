"""What pages need that are served live: packages, protection, events."""
