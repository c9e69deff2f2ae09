"""Pages of intake, one module a thing the officer sees: batches and files, the mapping of a sheet, a typed tip."""
