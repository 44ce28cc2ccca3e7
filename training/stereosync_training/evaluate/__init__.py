"""Reports on bundles: unseen walks, rows of sound, figures, table and page; and what each cue is worth."""
