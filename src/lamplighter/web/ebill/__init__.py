"""The public page behind the link in a bill's email: a fact first, then the bill, how to pay it, and paper again."""
