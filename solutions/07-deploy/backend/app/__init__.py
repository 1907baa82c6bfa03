"""The backend of Taskboard."""
