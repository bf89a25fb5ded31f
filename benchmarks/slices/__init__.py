"""What slices, rankings and summaries cost: the portal's statements beside the best that were written by hand."""
