"""The only ways in which head-ends, commands, sightings and events come and change."""
