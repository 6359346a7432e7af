"""The way into the Party as a pipeline of dated steps: what a case waits for, who is late, and recording its steps.

The steps are rows (members.models.admission_stages). Classes are reached from the person, by the code of a programme
that a step names: this app doesn't import the one above it.
"""
