"""What is seen: words, facts, parts of pages, pages, files."""
