"""The public pages behind the links in our letters: an answer to an offer, and a survey."""
