"""People who seem to be on record twice: found, told apart or merged, and parted again."""
