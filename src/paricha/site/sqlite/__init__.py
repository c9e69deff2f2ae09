"""Django's SQLite backend with the file gate before each write transaction."""
