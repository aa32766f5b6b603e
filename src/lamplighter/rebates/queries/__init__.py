"""Questions about rebates: what is offered, where each stands, what programs did."""
