"""Card payments at the desk: a link by text or email, and the list of links with what came of them."""
