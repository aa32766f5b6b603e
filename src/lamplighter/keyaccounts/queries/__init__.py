"""Questions about key accounts: who they are, how they stand, who needs somebody today."""
