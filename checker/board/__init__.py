"""The board of a room: who is where, who is stuck, whose hand is up."""
