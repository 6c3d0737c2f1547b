from hypothesis import settings

# Two noisy cores: a slow moment is no failure.
settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
