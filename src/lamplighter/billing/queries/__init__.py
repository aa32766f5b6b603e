"""Questions of billing: what is due to be billed, drafts, bills as people read them, what differs when recomputed."""
