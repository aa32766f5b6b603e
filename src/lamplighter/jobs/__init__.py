"""Background work, queued in PostgreSQL within the transaction that asks for it (procrastinate).

Tasks are thin faces: they read the clock, call one journey and keep its progress in a `Run`. Each may be killed at any
moment and begun again: the journey goes on where it stopped. `platform.operations.queueing` asks for them by name.
"""
