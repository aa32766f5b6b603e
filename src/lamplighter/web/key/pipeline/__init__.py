"""New developments: the list by stage, a page for each, and what is done about them."""
