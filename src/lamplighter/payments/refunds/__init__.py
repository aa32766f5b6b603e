"""What is known of refunds without writing: what can be refunded, where each stands, what nobody claimed."""
