"""The files in which another system hands a utility over: one table a file, in plain CSV. See docs/conversion.md."""
