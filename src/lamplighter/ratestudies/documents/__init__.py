"""A study as documents: a spreadsheet with every customer, and a PDF of two pages for a hearing."""
