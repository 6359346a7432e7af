"""Organisations, people and what happens to them, accounts, Vietnamese text."""
