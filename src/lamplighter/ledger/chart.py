"""The chart of accounts that the program posts to by name; a utility gives each its own number and fund.

Numbers follow FERC's Uniform System of Accounts (18 CFR 101), which APPA's public power accounting uses too.
"""

from __future__ import annotations

from lamplighter.ledger.models import Code

ASSET, LIABILITY, REVENUE, EXPENSE = (Code.Kind.ASSET, Code.Kind.LIABILITY, Code.Kind.REVENUE, Code.Kind.EXPENSE)

CONTROL = (
    ("receivable", "142.01", "Customer accounts receivable, electric", ASSET),
    ("receivable-arrangement", "142.02", "Receivable under payment arrangement", ASSET),
    ("receivable-budget", "142.03", "Receivable under budget billing", ASSET),
    ("receivable-nem", "142.04", "Receivable under net metering", ASSET),
    ("receivable-petition", "142.05", "Receivable from before bankruptcies", ASSET),
    ("receivable-forgiveness", "142.06", "Receivable set aside to be forgiven", ASSET),
    ("receivable-other", "143.01", "Other accounts receivable", ASSET),
    ("receivable-loan", "143.02", "Customer loans", ASSET),
    ("receivable-written-off", "144.01", "Written-off receivable, tracked", ASSET),
    ("deposits", "235.01", "Customer deposits", LIABILITY),
    ("credits", "253.01", "Customer credits", LIABILITY),
    ("donations", "253.02", "Donations held for assistance", LIABILITY),
    ("over-short", "903.05", "Cash over and short", EXPENSE),
)
PLAIN = (
    ("cash", "131.01", "Cash in bank", ASSET),
    ("cash-drawers", "135.01", "Cash in drawers and in transit", ASSET),
    ("city-pool", "131.02", "Share in the city's pooled cash, moved by journal", ASSET),
    ("card-clearing", "136.01", "Card settlements in transit", ASSET),
    ("ach-clearing", "136.02", "ACH in transit", ASSET),
    ("agency-clearing", "136.04", "Collections by agencies in transit", ASSET),
    ("written-off-contra", "144.02", "Written-off receivable, contra", ASSET),
    ("lockbox-clearing", "135.03", "Lockbox receipts not yet on the bank's statement", ASSET),
    ("bank-transit", "135.02", "Deposits on their way to the bank", ASSET),
    ("returned-items", "136.03", "Items returned by the bank, not yet on its statement", ASSET),
    ("agency-vouchers", "143.03", "Agency vouchers receivable", ASSET),
    ("accrued-revenue", "173.01", "Accrued utility revenues", ASSET),
    ("refund-checks", "232.01", "Refund checks outstanding", LIABILITY),
    ("refund-ach", "232.02", "Refunds by ACH in transit", LIABILITY),
    ("refund-vouchers", "232.03", "Refunds due to the city's accounts payable", LIABILITY),
    ("payables-paid", "234.01", "Paid for us by the city's accounts payable", LIABILITY),
    ("unclaimed", "253.04", "Unclaimed property of customers", LIABILITY),
    ("bank-differences", "186.02", "Differences with the bank, being looked into", ASSET),
    ("conversion", "186.01", "Conversion clearing", ASSET),
    ("revenue-residential", "440.01", "Residential sales", REVENUE),
    ("revenue-commercial", "442.01", "Commercial sales", REVENUE),
    ("revenue-industrial", "442.02", "Industrial sales", REVENUE),
    ("revenue-lighting", "444.01", "Public street and highway lighting", REVENUE),
    ("revenue-government", "445.01", "Other sales to public authorities", REVENUE),
    ("revenue-late-charges", "450.01", "Late charges", REVENUE),
    ("revenue-fees", "451.01", "Miscellaneous service revenues", REVENUE),
    ("revenue-start-fees", "451.02", "Fees for starting service", REVENUE),
    ("unclaimed-taken", "421.01", "Unclaimed money taken over", REVENUE),
    ("purchased-power-exports", "555.01", "Purchased power, customer generation", EXPENSE),
    ("assistance-discounts", "908.01", "Assistance discounts, public purpose funds", EXPENSE),
    ("medical-discounts", "908.02", "Medical allowances, public purpose funds", EXPENSE),
    ("rebates-efficiency", "908.03", "Efficiency rebates, public purpose funds", EXPENSE),
    ("rebates-electrification", "908.04", "Electrification rebates, public purpose funds", EXPENSE),
    ("assistance-grants", "908.05", "Assistance grants, public purpose funds", EXPENSE),
    ("arrearage-forgiveness", "908.06", "Arrearage forgiveness, public purpose funds", EXPENSE),
    ("income-plans", "908.07", "Bills by share of income, public purpose funds", EXPENSE),
    ("interest-on-deposits", "431.01", "Interest on customer deposits", EXPENSE),
    ("goodwill", "903.06", "Goodwill credits", EXPENSE),
    ("agency-fees", "903.07", "Fees of collection agencies", EXPENSE),
    ("bank-fees", "903.08", "Bank fees and interest", EXPENSE),
    ("uncollectible", "904.01", "Uncollectible accounts", EXPENSE),
    ("users-tax", "241.01", "Utility users tax collected", LIABILITY),
    ("state-surcharge", "241.02", "State energy surcharge collected", LIABILITY),
    ("franchise-tax", "241.03", "Franchise and gross-revenue taxes collected", LIABILITY),
    ("unapplied-receipts", "253.05", "Receipts that belong to no account yet", LIABILITY),
    ("grant-fund", "253.06", "Held for grants to customers", LIABILITY),
    ("export-credits", "253.03", "Credits for energy sent back, carried forward", LIABILITY),
)


def chart() -> list[Code]:
    """Unsaved rows for `ledger.define_codes`."""
    return [Code(key=k, number=n, name=name, kind=kind, control=True) for k, n, name, kind in CONTROL] + [
        Code(key=k, number=n, name=name, kind=kind) for k, n, name, kind in PLAIN
    ]
