"""Ratings, commendations, targets, the figures and everything drawn from them."""
