"""The legal desk's and the doors' pages, one module for each subject."""
