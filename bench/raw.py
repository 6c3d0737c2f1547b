"""The same booking as bare SQL, by pgbench on the same server: what the house could reach at most."""

import re
import subprocess
from pathlib import Path

from bench.house import DATA, House
from config.database import Cluster

# Hold, then confirm, of two seats: the claims, the booking, its tickets and the money, in two transactions.
SCRIPT = r"""
\set show random(1, 1000000)
\set seat random(1, 100000000)
BEGIN;
SELECT set_config('synchronous_commit', 'off', true);
INSERT INTO raw_claim VALUES (:show, :seat, :client_id, 'held', now() + interval '8 minutes'),
  (:show, :seat + 1, :client_id, 'held', now() + interval '8 minutes') ON CONFLICT DO NOTHING;
INSERT INTO raw_booking (show, state) VALUES (:show, 'held') RETURNING id AS booking \gset
INSERT INTO raw_ticket (booking, seat, price) VALUES (:booking, :seat, 11), (:booking, :seat + 1, 11);
COMMIT;
BEGIN;
UPDATE raw_claim SET state = 'sold', until = NULL WHERE show = :show AND seat IN (:seat, :seat + 1);
UPDATE raw_booking SET state = 'confirmed' WHERE id = :booking;
INSERT INTO raw_ledger (booking, amount) VALUES (:booking, 11), (:booking, 11);
INSERT INTO raw_letter (booking) VALUES (:booking);
COMMIT;
"""
DROP = "DROP TABLE IF EXISTS raw_claim, raw_booking, raw_ticket, raw_ledger, raw_letter;"
TABLES = """
CREATE TABLE raw_claim (
  show int, seat int, booking int, state text, until timestamptz, PRIMARY KEY (show, seat)
);
CREATE TABLE raw_booking (id bigserial PRIMARY KEY, show int, state text);
CREATE TABLE raw_ticket (id bigserial PRIMARY KEY, booking bigint, seat int, price numeric(14,3));
CREATE TABLE raw_ledger (
  id bigserial PRIMARY KEY, booking bigint, amount numeric(14,3), at timestamptz DEFAULT now()
);
CREATE TABLE raw_letter (id bigserial PRIMARY KEY, booking bigint, at timestamptz DEFAULT now());
"""


def pgbench(house: House, clients: int, seconds: int) -> float:
    """Bookings a second."""
    cluster = Cluster(DATA)
    place = ["-h", str(cluster.socket_dir), "-U", "theatre"]
    subprocess.run(
        [cluster.binary("psql"), *place, "-q", "-c", DROP + TABLES, "theatre"],
        check=True,
        capture_output=True,
    )
    script = Path(DATA) / "raw.sql"
    script.write_text(SCRIPT)
    told = subprocess.run(
        [cluster.binary("pgbench"), *place, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
         "-f", str(script), "theatre"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", told)
    return float(found.group(1)) if found else 0.0
