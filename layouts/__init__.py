"""What is seen: words, facts, parts of pages, pages, files."""

from layouts import pages as pages  # whatever is imported first, the pages are known
