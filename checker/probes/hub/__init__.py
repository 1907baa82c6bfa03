"""A Hub on this machine: what the real huggingface_hub client needs to deploy a Space."""
