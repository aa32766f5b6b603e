"""Share out what a service point sends back (virtual net metering, community solar): plans by their first day."""
