"""What the NIK, names, dates and addresses of lists really say."""
