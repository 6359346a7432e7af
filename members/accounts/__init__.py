"""Accounts: signing in and its second factor, sessions, passwords, and the pages that keep accounts."""
