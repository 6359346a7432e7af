"""What of the exchange workbook is about training: classes and who learned in them."""
