"""What is served where and asked about: areas, spheres and services, criteria, questionnaires."""
