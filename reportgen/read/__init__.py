"""What is handed in: workbook and prose."""
