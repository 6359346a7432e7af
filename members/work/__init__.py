"""Việc của tôi: what waits for a staff member by deadline, as a page, a calendar file and a daily mail."""
