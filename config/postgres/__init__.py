"""Django's PostgreSQL backend as this house uses it, on any server."""
