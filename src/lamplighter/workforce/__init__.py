"""How the unit's own work is kept in order: duties of the desks, goals, logs, training and the review of work.

Words: a *duty* recurs (each working day, a day of the week or of the month) and is due by a time; its *turn* is one day
of it, done with its evidence, late or missed. The opening and the closing *list* are finished when their duties are
done. A *goal* is a share of measured work that is to be reached. A *log* has columns of its own and lines that stay; a
wrong line is corrected by a second one. A *module* is learned from a text and proved by its questions.
"""
