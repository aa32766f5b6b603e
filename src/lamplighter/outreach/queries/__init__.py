"""Questions of outreach: who is meant, who may be written to, what came of it, who waits for somebody."""
