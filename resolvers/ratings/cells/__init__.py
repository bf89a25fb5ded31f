"""The cells of breakdowns: what is counted, by which keys, what they are called, and which are withheld."""
