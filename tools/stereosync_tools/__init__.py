"""Tools for people: the audition and the doctor."""
