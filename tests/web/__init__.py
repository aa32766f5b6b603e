"""Tests of the faces: what people see and may open."""
