"""What rates do to customers: studies of proposed rates, who is on the wrong one, who would pay less on another.

Words: a *study* prices a tariff over a past year for many customers beside their present rates. A *rate rule* says
who belongs on a schedule and who may choose it, from a day on, by resolution. A *review* holds every customer to the
rules, with notice and a second person before anybody is moved. *Advice* is the cheapest rate that a customer may be
on, over a year of their own use.
Promises: a study that is done never changes; nobody is moved to another rate without notice and two people.
"""
