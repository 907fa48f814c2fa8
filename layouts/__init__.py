"""What is seen: the view and its address, pages, the county map's scaffold, figures, wording, documents."""
