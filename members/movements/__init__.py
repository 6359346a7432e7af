"""Movements (biến động): what may be recorded, what it does to stays, how it is undone, and its pages."""
