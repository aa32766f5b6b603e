"""Facts that turned out to have been otherwise: stated for their days, with what the bills become before it is done."""
