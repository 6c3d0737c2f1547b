"""How passwords are kept: Argon2id with the parameters OWASP names for 19 MiB."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB of memory, two passes, one lane: about 30 ms on one core, and no GPU's friend."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
