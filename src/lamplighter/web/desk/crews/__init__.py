"""Areas, crews, and who rides with whom: what must be there before anybody is sent anywhere."""
