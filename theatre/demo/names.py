"""Names of people who are not."""

from random import Random

FIRST = (
    "Ada Amira Anders Anouk Ayesha Beatriz Bilal Björn Carla Chidi Chloé Dalia Daniel Dmitri Elif Emeka Emil Esra "
    "Farid Fatima Finn Freja Gabriel Hana Hassan Helena Hiro Ida Ines Ismail Ivana Jakob Jamal Joana Jonas Julia "
    "Kaito Karin Kofi Lars Leila Lena Linh Lucía Maja Malik Mara Marek Mateo Mei Milan Mina Mira Nadia Nils Nora "
    "Noor Olga Omar Oskar Paula Pedro Petra Priya Rafael Rania Rosa Ruben Sami Sana Selma Sofia Stefan Tariq Thea "
    "Tomás Vera Viktor Wanjiru Yara Yusuf Zeynep Zoë Łukasz আরিফ নাদিয়া তানভীর سارة يوسف ليلى"
).split()
LAST = (
    "Abebe Ahmed Andersson Baker Bauer Becker Bianchi Brandt Castro Chen Cohen Costa Çelik Diallo Dubois Fernández "
    "Fischer Fontaine García Gruber Haddad Hansen Hoffmann Ibrahim Ivanov Jansen Jensen Kaya Keller Khan Kowalski "
    "Lindqvist Lopes Maier Marino Mensah Meyer Moreau Müller Nakamura Nguyen Novák Nowak O’Connor Okafor Olsen Park "
    "Pereira Petrov Rahman Rossi Sato Schäfer Schmidt Schneider Silva Singh Sørensen Svensson Tanaka Vargas Vogel "
    "Wagner Weber Yılmaz Zimmermann রহমান হোসেন الخطيب حداد"
).split()


def full_name(rng: Random) -> str:
    """A first and a last name, now and then of two alphabets, as in life."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


QUALITIES = (
    "Last Quiet Second Long Broken Golden Silent Distant Paper Northern Hollow Borrowed Crooked Velvet Burning Lost "
    "Patient Winter Secret Endless"
).split()
THINGS = (
    "Lantern River Exposure Orchard Witness Harbour Signal Garden Promise Letter Mountain Orchestra Mirror Summer "
    "Station Map Choir Shadow Bridge Kitchen"
).split()


def film_title(rng: Random, number: int) -> str:
    """A title nobody else has, as the number is part of it."""
    return f"The {rng.choice(QUALITIES)} {rng.choice(THINGS)} {number}"
