"""One module a section: from the pack's material to the section, or to why there is none."""
