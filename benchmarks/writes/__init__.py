"""What it costs to submit a questionnaire: the portal beside the limits, which run its own statements."""
