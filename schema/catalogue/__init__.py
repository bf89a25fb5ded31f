"""Areas, spheres and services, criteria, questionnaires."""
