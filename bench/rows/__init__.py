"""A module a row, each with one `ROW`."""
