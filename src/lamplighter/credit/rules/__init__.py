"""Pure judgements of credit: whether power may go off, whether a plan is allowed, what collection does next."""
