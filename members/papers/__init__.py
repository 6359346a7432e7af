"""Word papers of the office: kinds with their fields, templates that the office edits, and what is filled in."""
