"""CMEP, the California Metering Exchange Protocol, read and written: MEPMD01, a day of one channel a line.

Head-ends (Sensus RNI, TWACS, Command Center) and California's utilities send it. Reference: Southern California
Edison, California Metering Exchange Protocol V4.1; data quality bits after the Sensus RNI extended specification.
"""
