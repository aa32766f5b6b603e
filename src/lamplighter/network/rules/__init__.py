"""What is known of a switch and of a meter's power, and what to ask a customer next: plain functions on values."""
