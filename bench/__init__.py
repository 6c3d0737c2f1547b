"""The figures of performance.md, measured on one machine: client, servers and PostgreSQL together."""
