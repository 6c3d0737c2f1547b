"""What is true in the theatre: values in, values out; no Django, no clock, no settings."""
