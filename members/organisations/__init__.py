"""The pages of organisations: the tree, an organisation as of a day, and what is done to it."""
