"""What a rebate is worth, who may have it, where it stands, and what it saved: pure."""
