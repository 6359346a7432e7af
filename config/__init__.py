"""Settings, access, base pages, workbook writer: knows Django and nothing of Party members."""
