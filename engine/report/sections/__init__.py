"""One module a section: a function from the pack's material to the section, or why there is none."""
