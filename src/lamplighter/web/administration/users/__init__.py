"""Users: logins, the roles that they hold over time, and the acts that give and end them."""
