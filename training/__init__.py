"""Programmes, classes, enrolments and their results."""
