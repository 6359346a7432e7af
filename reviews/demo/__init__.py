"""Invented records of a committee and its 71 grassroots organisations, 2010–2015, to try the program with."""
