"""An account manager with a keyboard, and with a phone at a customer's."""
