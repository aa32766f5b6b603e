"""Files of payments from lockboxes and pay stations: one reader, and a layout as data for each sender."""
