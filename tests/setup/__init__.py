"""The set-up of a machine: the private database, the assets, the checks and the long runs."""
