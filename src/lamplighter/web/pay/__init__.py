"""The public page behind a link to pay by card: what is asked, then the processor's own page, then thanks."""
