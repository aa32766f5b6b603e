"""The books for finance: months, what went out, how they stood on any day, taxes by jurisdiction."""
