# ruff: noqa
# What each rule of outside.yml finds, and what it lets through. Nothing here is ever run.

# ruleid: program-started-by-a-page
import subprocess

# ruleid: call-to-the-outside
import requests

# ruleid: xml-that-can-explode
from lxml import etree

# ok: program-started-by-a-page
# ok: call-to-the-outside
# ok: xml-that-can-explode
import json


def shrink(name):
    # ruleid: shell
    subprocess.run(f"convert {name}", shell=True)
    # ok: shell
    subprocess.run(["convert", name])


def read(data):
    # ruleid: objects-from-bytes
    return pickle.loads(data)


def read_plainly(data):
    # ok: objects-from-bytes
    return json.loads(data)


def download(request):
    # ruleid: file-somebody-named
    return open("papers/" + request.GET["name"])


def download_by_number(request, number):
    # ok: file-somebody-named
    return invoice_pdf(request.actor, number)


def ask(client, address):
    # ruleid: certificate-not-asked
    client.get(address, verify=False)
    # ok: certificate-not-asked
    client.get(address)


def photo(content):
    # ruleid: picture-of-any-kind
    return Image.open(BytesIO(content))


def photo_of_a_kind(content):
    # ok: picture-of-any-kind
    return Image.open(BytesIO(content), formats=["JPEG", "PNG"])


def ticket(title):
    # ruleid: paper-made-of-text
    return typst.compile(f"= {title}".encode())


def ticket_of_a_file(title):
    # ok: paper-made-of-text
    return typst.compile("ticket.typ", sys_inputs={"values": json.dumps({"title": title})})


def unpack(archive):
    # ruleid: archive-unpacked-whole
    archive.extractall("here")
    # ok: archive-unpacked-whole
    archive.read("movies.json")
