"""StereoSync core: the words of the project as plain data and numpy functions. Imports nothing but numpy."""
