"""What is printed and handed over: one folder a document; each takes tables and gives text or bytes."""
