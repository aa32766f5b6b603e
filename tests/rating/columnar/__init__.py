"""Tests of the columnar calculator, mostly against the exact one."""
