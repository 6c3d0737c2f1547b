# ruff: noqa
# What each rule of secrets.yml finds, and what it lets through. Nothing here is ever run.

# ruleid: chance-that-can-be-guessed
import random

# ok: chance-that-can-be-guessed
import secrets


def opens(link, token):
    # ruleid: secret-compared-with-equals
    return token == link.kept


def opens_in_equal_time(link, token):
    # ok: secret-compared-with-equals
    return secrets.compare_digest(token, link.kept)


def is_given(token):
    # ok: secret-compared-with-equals
    return token != ""


def kept(password):
    # ruleid: fast-hash-of-a-password
    return hashlib.sha256(password.encode()).hexdigest()


def kept_slowly(password):
    # ok: fast-hash-of-a-password
    return make_password(password)


def tag(page):
    # ruleid: broken-hash
    return hashlib.md5(page).hexdigest()


def tag_of_today(page):
    # ok: broken-hash
    return hashlib.blake2b(page, digest_size=12).hexdigest()


def note(who, token):
    # ruleid: secret-in-a-log
    log.info("signed in with %s", token)
    # ok: secret-in-a-log
    log.info("signed in as %s", who)
