"""Files that come in: from a file's bytes to tables with understood columns and plain values. No database, no pages."""
