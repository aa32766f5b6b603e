"""Requests to other departments, with due dates and status, and the search of the whole history."""
