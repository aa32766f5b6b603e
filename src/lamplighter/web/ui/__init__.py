"""What all faces share: the shell, panels, tables, forms, charts, and their gallery."""
