"""Templates, styles, typefaces and brands that the pages are set with."""
