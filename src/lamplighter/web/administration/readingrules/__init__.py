"""Rules of readings: how they are validated, by role, with thresholds for each class of customer."""
