"""The faces that people see, by audience: desk, lead, key accounts, portal, field, and the API."""
