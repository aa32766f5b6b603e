"""Head-ends: who reaches which meters, at which address, in which protocol; and whether it answers."""
