"""Records in bulk: rows of files into the records, and the exchange workbook out of them. No pages, no files read."""
