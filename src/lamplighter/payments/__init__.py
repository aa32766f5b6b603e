"""Money in: payment events with their tenders, in tender controls, spread over accounts and agreements.

An event posts only when its tenders equal its payments. Every tender is in the control of its source (a drawer, a
lockbox, a file). Nothing is edited: a wrong payment is reversed by a second entry that gives debts their age back.
"""
