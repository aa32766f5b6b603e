"""What `lamplighter bill` does: run a cycle's window, preview, show and redo bills."""
