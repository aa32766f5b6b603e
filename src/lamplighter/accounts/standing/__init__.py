"""What stands behind a service: the landlord's agreement to take it back, its going on, and how its bills are sent."""
