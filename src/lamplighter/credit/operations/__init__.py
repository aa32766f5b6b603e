"""The only ways in which what credit knows comes, moves and ends."""
