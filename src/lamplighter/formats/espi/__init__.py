"""Green Button: NAESB REQ.21 ESPI usage data in Atom feeds, read (versions 1 to 4) and written (3.3).

DMD files that a customer downloads and CMD answers of a data custodian are the same documents to this reader.
"""
