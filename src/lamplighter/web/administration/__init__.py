"""Administration: rates, users, templates, imports, audit."""
