"""The interval engine: channel-days in a Delta table, validation, estimation and determinants by columns.

No Django: what is committed here is published by the contexts above through PostgreSQL.
"""
