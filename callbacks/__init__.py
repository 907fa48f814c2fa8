"""What happens: thin steps from a view to the words, the charts and the card; and the plain HTTP addresses."""
