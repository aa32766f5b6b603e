"""The face that head-ends call: messages about meters, and files of readings."""
