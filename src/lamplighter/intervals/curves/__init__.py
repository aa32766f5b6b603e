"""The load curve of one service over a year or two: measured, priced, analysed, and changed by what-ifs.

Pure: a curve is whole counts by slot. What is priced on it is exact; what is drawn of it may be floats.

    measured(curve, asks)        determinants by columns, or the plain way where columns can't
    YearPricer(bills).price()    the bills of a run of months under one schedule, ratchets and banks carried on
"""
