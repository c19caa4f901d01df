"""Charts as SVG text: one module a kind, each a function from values to a drawing.

A unit is a point on paper. Text is real text in the pack's typeface, coordinates are rounded, so
the bytes are stable. WeasyPrint gives an SVG no style of the page, hence every colour is literal;
it ignores ``font-variant-numeric``, hence figures of one width are a family of their own.
"""
