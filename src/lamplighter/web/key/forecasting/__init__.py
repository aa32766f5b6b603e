"""The forecast of sales and revenue, and revenue beside its budget."""
