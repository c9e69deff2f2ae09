"""`paricha …`: thin, one file a group of verbs; permitted, refused and audited as on the screen."""
