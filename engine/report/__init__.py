"""From numbers to pages: a typed report, its HTML, its PDF."""
