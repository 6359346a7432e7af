"""The exchange workbook and everything that comes in and goes out in bulk: all kinds of record together."""
