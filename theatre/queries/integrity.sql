-- What must be true of the theatre's rows (reliability.md, section 2), asked of the rows alone.
--
-- Each statement is one check: the line before it names it and says what has to hold; every row it returns breaks it.
-- It shares no code with what it checks. `manage.py prove_integrity` runs all of them in one snapshot; psql does too:
--
--   psql -v zone=Europe/Berlin -v counter_minutes=20 -v seats=10 -v staff_seats=50 -v holds=3 -v network_seats=20 \
--     -f theatre/queries/integrity.sql
--
-- Money is compared exactly. The currency's places and the VAT rate are those each invoice says.


-- Seats (I1, I2, I7) ----------------------------------------------------------------------------------------------

-- check: seat_is_sold_once: a seat of a show has at most one sold ticket
SELECT show_id, seat_id, count(*) AS sold, array_agg(id) AS tickets
FROM theatre_ticket WHERE state = 'sold' GROUP BY show_id, seat_id HAVING count(*) > 1;

-- check: seat_is_claimed_once: a seat of a show has at most one claim
SELECT show_id, seat_id, count(*) AS claims FROM theatre_seatclaim GROUP BY show_id, seat_id HAVING count(*) > 1;

-- check: sold_ticket_has_its_claim: every sold ticket has the sold claim of its booking to its seat
SELECT t.id AS ticket, t.booking_id AS booking, t.show_id AS show, t.seat_id AS seat, c.state AS claim,
       c.booking_id AS claimed_by
FROM theatre_ticket t LEFT JOIN theatre_seatclaim c ON c.show_id = t.show_id AND c.seat_id = t.seat_id
WHERE t.state = 'sold'
  AND (c.show_id IS NULL OR c.state <> 'sold' OR c.booking_id <> t.booking_id OR c.held_until IS NOT NULL);

-- check: sold_claim_has_its_ticket: every sold claim has the sold ticket of its booking
SELECT c.show_id AS show, c.seat_id AS seat, c.booking_id AS booking
FROM theatre_seatclaim c
LEFT JOIN theatre_ticket t
  ON t.show_id = c.show_id AND t.seat_id = c.seat_id AND t.booking_id = c.booking_id AND t.state = 'sold'
WHERE c.state = 'sold' AND t.id IS NULL;

-- check: held_claim_belongs_to_a_hold: every held claim belongs to a held booking and to one of its held tickets
SELECT c.show_id AS show, c.seat_id AS seat, c.booking_id AS booking, b.state
FROM theatre_seatclaim c
LEFT JOIN theatre_booking b ON b.id = c.booking_id
LEFT JOIN theatre_ticket t ON t.booking_id = c.booking_id AND t.seat_id = c.seat_id AND t.show_id = c.show_id
  AND t.state = 'held'
WHERE c.state = 'held' AND (b.state IS DISTINCT FROM 'held' OR t.id IS NULL OR c.held_until IS NULL);

-- check: live_hold_has_every_seat: a hold whose time is not over has a live claim to each of its seats
SELECT b.id AS booking, b.ref, b.held_until, count(t.id) AS tickets, count(c.seat_id) AS claims
FROM theatre_booking b
JOIN theatre_ticket t ON t.booking_id = b.id
LEFT JOIN theatre_seatclaim c ON c.show_id = t.show_id AND c.seat_id = t.seat_id AND c.booking_id = b.id
  AND c.state = 'held' AND c.held_until > now()
WHERE b.state = 'held' AND b.held_until > now()
GROUP BY b.id HAVING count(t.id) <> count(c.seat_id);

-- check: seat_is_of_the_shows_plan: live tickets and claims are of seats of their show's plan, on the show's screen
SELECT 'ticket' AS kind, t.id::text AS id, t.show_id AS show, t.seat_id AS seat
FROM theatre_ticket t
LEFT JOIN theatre_show s ON s.id = t.show_id
LEFT JOIN theatre_seat x ON x.id = t.seat_id
-- What came back before its show moved to another screen was of the plan of then.
WHERE x.plan_id IS DISTINCT FROM t.plan_id
   OR s.plan_id IS DISTINCT FROM t.plan_id AND (t.state IN ('held', 'sold')
     OR NOT EXISTS (SELECT 1 FROM theatre_showmove m WHERE m.show_id = t.show_id))
UNION ALL
SELECT 'claim', c.show_id || '/' || c.seat_id, c.show_id, c.seat_id
FROM theatre_seatclaim c
LEFT JOIN theatre_show s ON s.id = c.show_id
LEFT JOIN theatre_seat x ON x.id = c.seat_id
WHERE (s.plan_id, x.plan_id) IS DISTINCT FROM (c.plan_id, c.plan_id)
UNION ALL
SELECT 'show', s.id::text, s.id, NULL FROM theatre_show s
LEFT JOIN theatre_seatplan p ON p.id = s.plan_id WHERE p.screen_id IS DISTINCT FROM s.screen_id;

-- check: seat_out_of_service_is_blocked: a seat out of service is blocked in every show it covers that is still to come
SELECT o.id AS out_of_service, w.id AS show, o.row, o.number
FROM theatre_seatoutofservice o
JOIN theatre_show w ON w.screen_id = o.screen_id AND w.state IN ('planned', 'on_sale') AND w.ends_at > clock_timestamp()
  AND (w.id = o.show_id OR o.show_id IS NULL AND w.starts_at < o.until)
JOIN theatre_seat x ON x.plan_id = w.plan_id AND x.row = o.row AND x.number = o.number
LEFT JOIN theatre_seatclaim c ON c.show_id = w.id AND c.seat_id = x.id AND c.state = 'blocked'
WHERE o.released_at IS NULL AND c.show_id IS NULL;

-- check: blocked_seat_is_out_of_service: a seat that is blocked in a show to come is out of service there
SELECT c.show_id AS show, c.seat_id AS seat, c.note
FROM theatre_seatclaim c
JOIN theatre_show w ON w.id = c.show_id AND w.state IN ('planned', 'on_sale') AND w.ends_at > clock_timestamp()
JOIN theatre_seat x ON x.id = c.seat_id
WHERE c.state = 'blocked' AND NOT EXISTS (
  SELECT 1 FROM theatre_seatoutofservice o
  WHERE o.screen_id = w.screen_id AND o.row = x.row AND o.number = x.number AND o.released_at IS NULL
    AND (o.show_id = w.id OR o.show_id IS NULL AND w.starts_at < o.until));

-- check: broken_seat_is_not_sold: no ticket is sold for a broken seat
SELECT t.id AS ticket, t.booking_id AS booking, x.row, x.number
FROM theatre_seat x JOIN theatre_ticket t ON t.seat_id = x.id AND t.state = 'sold' WHERE x.broken;

-- check: companion_is_beside_a_wheelchair_space: a companion seat stands beside a wheelchair space of its own plan
SELECT x.id AS seat, x.plan_id AS plan FROM theatre_seat x LEFT JOIN theatre_seat w ON w.id = x.beside_id
WHERE (x.kind = 'companion') <> (x.beside_id IS NOT NULL)
   OR x.beside_id IS NOT NULL AND (w.kind IS DISTINCT FROM 'wheelchair' OR w.plan_id IS DISTINCT FROM x.plan_id);


-- Bookings and their tickets --------------------------------------------------------------------------------------

-- check: tickets_are_in_step_with_their_booking: held with held, lapsed with lapsed, confirmed has sold ones, cancelled none
SELECT b.id AS booking, b.ref, b.state, t.held, t.sold, t.returned, t.lapsed
FROM theatre_booking b
LEFT JOIN (
  SELECT booking_id, count(*) FILTER (WHERE state = 'held') AS held, count(*) FILTER (WHERE state = 'sold') AS sold,
         count(*) FILTER (WHERE state = 'returned') AS returned, count(*) FILTER (WHERE state = 'lapsed') AS lapsed
  FROM theatre_ticket GROUP BY booking_id
) t ON t.booking_id = b.id
WHERE t.booking_id IS NULL OR NOT CASE b.state
  WHEN 'held' THEN t.held > 0 AND t.sold + t.returned + t.lapsed = 0
  WHEN 'lapsed' THEN t.lapsed > 0 AND t.held + t.sold + t.returned = 0
  WHEN 'confirmed' THEN t.sold > 0 AND t.held + t.lapsed = 0
  WHEN 'cancelled' THEN t.returned > 0 AND t.held + t.sold + t.lapsed = 0
END;

-- check: ticket_is_of_its_bookings_show: a ticket is for the show of its booking
SELECT t.id AS ticket, t.booking_id AS booking, t.show_id AS show, b.show_id AS booked
FROM theatre_ticket t JOIN theatre_booking b ON b.id = t.booking_id WHERE b.show_id <> t.show_id;

-- check: booking_has_a_readable_reference: references are eight letters that can't be misread, each given once
SELECT ref, count(*) AS bookings FROM theatre_booking GROUP BY ref
HAVING count(*) > 1 OR ref !~ '^[2-46-9A-HJKMNP-RT-Z]{8}$';

-- check: booking_says_when: what happened to a booking happened in order, and not in the future
SELECT id AS booking, ref, state, created_at, confirmed_at, ended_at FROM theatre_booking
WHERE confirmed_at < created_at OR ended_at < coalesce(confirmed_at, created_at)
   OR greatest(created_at, confirmed_at, ended_at) > clock_timestamp()
   OR (state IN ('confirmed', 'cancelled')) <> (confirmed_at IS NOT NULL AND total IS NOT NULL)
   OR (state IN ('cancelled', 'lapsed')) <> (ended_at IS NOT NULL);

-- check: stranger_has_no_booking: what is confirmed has no browser session, and was booked by somebody
SELECT id AS booking, ref, state FROM theatre_booking
WHERE state IN ('confirmed', 'cancelled') AND (session <> '' OR network <> '' OR booked_by_id IS NULL);

-- check: changed_booking_was_replaced: what a booking replaces was given back whole in the same moment, seat for seat
SELECT b.id AS booking, b.ref, o.ref AS replaces, o.state, o.ended_at, b.confirmed_at
FROM theatre_booking b JOIN theatre_booking o ON o.id = b.replaces_id
WHERE o.state <> 'cancelled' OR b.state NOT IN ('confirmed', 'cancelled') OR b.customer_id IS DISTINCT FROM o.customer_id
   OR abs(extract(epoch FROM b.confirmed_at - o.ended_at)) > 60
   OR (SELECT count(*) FROM theatre_ticket t WHERE t.booking_id = b.id)
    > (SELECT count(*) FROM theatre_ticket t WHERE t.booking_id = o.id);

-- check: ticket_is_used_after_it_was_sold: only a sold ticket was checked in, after its booking was confirmed
SELECT t.id AS ticket, t.state, t.checked_in_at, b.confirmed_at
FROM theatre_ticket t JOIN theatre_booking b ON b.id = t.booking_id
WHERE t.checked_in_at IS NOT NULL
  AND (t.state NOT IN ('sold', 'returned') OR b.confirmed_at IS NULL OR t.checked_in_at < b.confirmed_at);

-- check: sold_ticket_has_a_code: a sold ticket has the nonce of its door code
SELECT id AS ticket, state FROM theatre_ticket WHERE (state IN ('sold', 'returned')) <> (nonce <> '');


-- Prices (I3) -----------------------------------------------------------------------------------------------------

-- check: ticket_adds_up: list price less discounts is the price, and nothing is negative
SELECT id AS ticket, list_price, tier_off, coupon_off, complimentary_off, price, vat FROM theatre_ticket
WHERE list_price <= 0 OR least(tier_off, coupon_off, complimentary_off) < 0
   OR (price IS NULL) <> (state IN ('held', 'lapsed')) OR (vat IS NULL) <> (price IS NULL)
   OR price < 0 OR vat < 0 OR vat > price OR price <> list_price - tier_off - coupon_off - complimentary_off;

-- check: total_is_the_sum_of_its_tickets: a booking's total is what its tickets were sold at
SELECT b.id AS booking, b.ref, b.total, sum(t.price) AS tickets
FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id
WHERE b.state IN ('confirmed', 'cancelled')
GROUP BY b.id HAVING b.total IS DISTINCT FROM sum(t.price);

-- check: price_is_as_the_rule_says: each price again from list price, tier and coupon, half up to the currency's places
SELECT t.id AS ticket, t.list_price, b.tier_percent, c.percent AS coupon_percent, t.tier_off, t.coupon_off, t.price
FROM theatre_booking b
JOIN theatre_ticket t ON t.booking_id = b.id AND t.state IN ('sold', 'returned')
JOIN theatre_invoice i ON i.booking_id = b.id AND i.series = 'invoice'
LEFT JOIN theatre_coupon c ON c.id = b.coupon_id
CROSS JOIN LATERAL (SELECT scale((i.facts ->> 'total')::numeric) AS places) f
CROSS JOIN LATERAL (
  SELECT round(t.list_price * (100 - b.tier_percent) / 100, f.places) AS after_tier,
         round(t.list_price * (100 - b.tier_percent) * (100 - coalesce(c.percent, 0)) / 10000, f.places) AS last
) p
WHERE (b.tier_percent <> 0 OR b.coupon_id IS NOT NULL OR b.complimentary)
  AND (t.price, t.tier_off, t.coupon_off, t.complimentary_off) IS DISTINCT FROM
  CASE WHEN b.complimentary THEN (0::numeric, 0::numeric, 0::numeric, t.list_price)
       ELSE (p.last, t.list_price - p.after_tier, p.after_tier - p.last, 0::numeric) END
UNION ALL
SELECT t.id, t.list_price, 0, NULL, t.tier_off, t.coupon_off, t.price
FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id AND t.state IN ('sold', 'returned')
WHERE b.tier_percent = 0 AND b.coupon_id IS NULL AND NOT b.complimentary
  AND (t.price <> t.list_price OR t.tier_off + t.coupon_off + t.complimentary_off <> 0);

-- check: vat_is_contained: the VAT of each ticket again from its price and the rate its invoice says
SELECT t.id AS ticket, t.price, t.vat, i.facts ->> 'vat_rate' AS rate
FROM theatre_ticket t
JOIN theatre_invoice i ON i.booking_id = t.booking_id AND i.series = 'invoice'
WHERE t.state IN ('sold', 'returned') AND t.vat IS DISTINCT FROM round(
  t.price * (i.facts ->> 'vat_rate')::numeric / (100 + (i.facts ->> 'vat_rate')::numeric),
  scale((i.facts ->> 'total')::numeric));


-- Money (I5) ------------------------------------------------------------------------------------------------------

-- check: ledger_tells_every_ticket: one sale for what was sold, one return for what was returned, amounts the ticket's
SELECT coalesce(t.id, s.ticket_id, r.ticket_id) AS ticket, t.state, t.price, s.amount AS sold, r.amount AS given_back
FROM theatre_ticket t
FULL JOIN (SELECT * FROM theatre_ledgerentry WHERE kind = 'sale') s ON s.ticket_id = t.id
FULL JOIN (SELECT * FROM theatre_ledgerentry WHERE kind = 'return') r ON r.ticket_id = t.id
WHERE t.id IS NULL OR NOT CASE
  WHEN t.state IN ('held', 'lapsed') THEN s.id IS NULL AND r.id IS NULL
  ELSE (s.amount, s.list_price, s.tier_off, s.coupon_off, s.complimentary_off, s.vat)
      IS NOT DISTINCT FROM (t.price, t.list_price, t.tier_off, t.coupon_off, t.complimentary_off, t.vat)
    AND CASE WHEN t.state = 'sold' THEN r.id IS NULL
             ELSE (r.amount, r.list_price, r.tier_off, r.coupon_off, r.complimentary_off, r.vat)
               IS NOT DISTINCT FROM
               (-t.price, -t.list_price, -t.tier_off, -t.coupon_off, -t.complimentary_off, -t.vat) END
END
UNION ALL
SELECT ticket_id, kind, NULL, sum(amount), count(*) FROM theatre_ledgerentry
GROUP BY ticket_id, kind HAVING count(*) > 1;

-- check: ledger_names_the_booking: an entry is of its ticket's booking, with its channel and seller, and has a sign
SELECT l.id AS entry, l.ticket_id AS ticket, l.booking_id AS booking, l.amount, l.channel, l.seller_id AS seller
FROM theatre_ledgerentry l
JOIN theatre_ticket t ON t.id = l.ticket_id
JOIN theatre_booking b ON b.id = t.booking_id
WHERE l.booking_id <> b.id OR l.channel <> b.channel OR l.seller_id IS DISTINCT FROM b.seller_id
   OR (l.kind = 'sale') <> (l.list_price > 0) OR l.at > clock_timestamp();

-- check: ledger_invoices_and_payments_agree: what was earned was invoiced and paid, what was returned was credited and refunded
SELECT b.id AS booking, b.ref, b.state, b.total, l.sold, l.given_back, i.invoiced, i.credited, p.paid, p.refunded
FROM theatre_booking b
LEFT JOIN (
  SELECT booking_id, sum(amount) FILTER (WHERE kind = 'sale') AS sold,
         -coalesce(sum(amount) FILTER (WHERE kind = 'return'), 0) AS given_back
  FROM theatre_ledgerentry GROUP BY booking_id
) l ON l.booking_id = b.id
LEFT JOIN (
  SELECT booking_id, sum(total) FILTER (WHERE series = 'invoice') AS invoiced,
         -coalesce(sum(total) FILTER (WHERE series = 'credit_note'), 0) AS credited
  FROM theatre_invoice GROUP BY booking_id
) i ON i.booking_id = b.id
LEFT JOIN (
  SELECT booking_id, sum(amount) AS paid, sum(refunded) AS refunded
  FROM theatre_payment WHERE state = 'captured' GROUP BY booking_id
) p ON p.booking_id = b.id
WHERE CASE WHEN b.state IN ('confirmed', 'cancelled')
  THEN (l.sold, i.invoiced, p.paid) IS DISTINCT FROM (b.total, b.total, b.total)
    OR (i.credited, p.refunded) IS DISTINCT FROM (l.given_back, l.given_back)
    OR b.state = 'cancelled' AND l.given_back <> l.sold
  ELSE l.booking_id IS NOT NULL OR i.booking_id IS NOT NULL OR p.booking_id IS NOT NULL END;

-- check: refund_is_within_its_payment: refunds of a payment add up to what it says, never to more than was paid
SELECT p.id AS payment, p.booking_id AS booking, p.amount, p.refunded, r.refunds
FROM theatre_payment p
LEFT JOIN (
  SELECT payment_id, sum(amount) AS refunds, array_agg(DISTINCT booking_id) AS bookings
  FROM theatre_refund WHERE state <> 'failed' GROUP BY payment_id
) r ON r.payment_id = p.id
WHERE p.refunded <> coalesce(r.refunds, 0) OR p.refunded > p.amount OR p.amount < 0 OR r.bookings <> ARRAY[p.booking_id]
   OR p.refunded <> 0 AND p.state <> 'captured';


-- Coupons (I4) ----------------------------------------------------------------------------------------------------

-- check: coupon_counts_its_uses: a coupon's count is the number of its uses that were not given back
SELECT c.id AS coupon, c.code, c.used, coalesce(u.live, 0) AS live
FROM theatre_coupon c
LEFT JOIN (
  SELECT coupon_id, count(*) AS live FROM theatre_couponuse WHERE given_back_at IS NULL GROUP BY coupon_id
) u ON u.coupon_id = c.id
WHERE c.used <> coalesce(u.live, 0);

-- check: coupon_is_within_its_limits: no coupon is used more often than it may be, in all or by one customer
SELECT c.id AS coupon, c.code, NULL AS customer, c.used, c.total_limit AS most FROM theatre_coupon c
WHERE c.used > c.total_limit
UNION ALL
SELECT c.id, c.code, u.customer_id, count(*), c.per_customer_limit
FROM theatre_coupon c JOIN theatre_couponuse u ON u.coupon_id = c.id AND u.given_back_at IS NULL
WHERE c.per_customer_limit IS NOT NULL
GROUP BY c.id, u.customer_id HAVING count(*) > c.per_customer_limit;

-- check: coupon_use_is_its_bookings: a booking with a coupon has its use, live while it is confirmed, and no other has one
SELECT b.id AS booking, b.ref, b.state, b.coupon_id AS coupon, u.coupon_id AS used, u.given_back_at
FROM theatre_booking b FULL JOIN theatre_couponuse u ON u.booking_id = b.id
WHERE (b.coupon_id IS NOT NULL OR u.id IS NOT NULL) AND NOT coalesce(
  u.coupon_id = b.coupon_id AND u.customer_id IS NOT DISTINCT FROM b.customer_id
    AND CASE b.state WHEN 'confirmed' THEN u.given_back_at IS NULL
                     WHEN 'cancelled' THEN u.given_back_at >= u.used_at ELSE false END, false);


-- Tiers (I14) -----------------------------------------------------------------------------------------------------

-- check: tier_is_as_counted: the tickets of the twelve months before the count, by the ledger, and the tier they earn
WITH counted AS (
  SELECT c.id, count(l.ticket_id) AS tickets
  FROM theatre_customer c
  LEFT JOIN theatre_booking b ON b.customer_id = c.id AND b.state IN ('confirmed', 'cancelled')
  LEFT JOIN theatre_ledgerentry l ON l.booking_id = b.id AND l.kind = 'sale'
    AND l.at > c.counted_at - interval '1 year' AND l.at <= c.counted_at
    AND NOT EXISTS (SELECT 1 FROM theatre_ledgerentry r
                    WHERE r.ticket_id = l.ticket_id AND r.kind = 'return' AND r.at <= c.counted_at)
  GROUP BY c.id
)
SELECT c.id AS customer, c.tier_id AS tier, c.tier_tickets, counted.tickets, c.counted_at
FROM theatre_customer c JOIN counted USING (id)
WHERE (c.tier_tickets <> counted.tickets
       OR c.tier_id IS DISTINCT FROM (SELECT name FROM theatre_tier WHERE threshold <= counted.tickets
                                      ORDER BY threshold DESC LIMIT 1))
  -- A return in the very moment of the count may have been seen or not.
  AND NOT EXISTS (SELECT 1 FROM theatre_booking b JOIN theatre_ledgerentry r ON r.booking_id = b.id
                  WHERE b.customer_id = c.id AND r.kind = 'return'
                    AND r.at BETWEEN c.counted_at - interval '5 seconds' AND c.counted_at);


-- Shows (I8) ------------------------------------------------------------------------------------------------------

-- check: shows_on_a_screen_do_not_overlap: a show starts when its screen has been cleaned after the one before
SELECT id AS show, screen_id AS screen, starts_at, before AS screen_is_busy_until
FROM (
  SELECT id, screen_id, starts_at, max(clean_at) OVER (
    PARTITION BY screen_id ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM theatre_show WHERE state <> 'cancelled'
) s
WHERE before > starts_at;

-- check: show_has_an_order_of_time: it starts, ends and is cleaned after; what is played has ended
SELECT id AS show, state, starts_at, ends_at, clean_at FROM theatre_show
WHERE starts_at >= ends_at OR ends_at > clean_at OR state = 'played' AND ends_at > clock_timestamp();

-- check: sold_only_for_shows_on_sale: no live ticket is for a show that is planned or cancelled, but what is being given back
SELECT s.id AS show, s.state, count(*) AS tickets
FROM theatre_show s JOIN theatre_ticket t ON t.show_id = s.id AND t.state = 'sold'
WHERE s.state NOT IN ('on_sale', 'played')
  AND NOT EXISTS (SELECT 1 FROM theatre_showclosing c WHERE c.show_id = s.id AND c.finished_at IS NULL)
GROUP BY s.id;

-- check: nothing_is_sold_for_a_cancelled_show: it has no hold and only sold claims; after its closing no booking and no claim
SELECT s.id AS show, 'held or confirmed' AS what, b.ref AS which
FROM theatre_showclosing c JOIN theatre_show s ON s.id = c.show_id
JOIN theatre_booking b ON b.show_id = s.id
WHERE b.state = 'held' OR b.state = 'confirmed' AND (c.finished_at IS NOT NULL OR b.confirmed_at > c.started_at)
UNION ALL
SELECT s.id, x.state, x.seat_id::text
FROM theatre_showclosing c JOIN theatre_show s ON s.id = c.show_id
JOIN theatre_seatclaim x ON x.show_id = s.id
WHERE x.state <> 'sold' OR c.finished_at IS NOT NULL
UNION ALL
SELECT s.id, s.state, 'closing' FROM theatre_showclosing c JOIN theatre_show s ON s.id = c.show_id
WHERE s.state <> 'cancelled';

-- check: vip_claim_is_of_a_live_reservation: a seat kept for a guest of the house is one of a reservation that stands
SELECT c.show_id AS show, c.seat_id AS seat, c.vip_id AS reservation, v.state
FROM theatre_seatclaim c LEFT JOIN theatre_vipreservation v ON v.id = c.vip_id
WHERE (c.state = 'vip') <> (c.vip_id IS NOT NULL)
   OR c.state = 'vip' AND (v.state IS DISTINCT FROM 'reserved' OR v.show_id <> c.show_id
     OR c.seat_id <> ALL(v.seat_ids) OR c.held_until IS DISTINCT FROM v.release_at);

-- check: live_reservation_has_every_seat: a reservation whose time is not over has its claim to each of its seats
SELECT v.id AS reservation, v.guest_name AS guest, seat
FROM theatre_vipreservation v CROSS JOIN LATERAL unnest(v.seat_ids) AS seat
WHERE v.state = 'reserved' AND (v.release_at IS NULL OR v.release_at > now())
  AND NOT EXISTS (SELECT 1 FROM theatre_seatclaim c
                  WHERE c.show_id = v.show_id AND c.seat_id = seat AND c.vip_id = v.id AND c.state = 'vip');

-- check: reservation_became_its_booking: what is booked of a reservation is a booking of its show, with as many tickets
SELECT v.id AS reservation, v.state, b.ref, b.show_id AS show, t.tickets, cardinality(v.seat_ids) AS seats
FROM theatre_vipreservation v
LEFT JOIN theatre_booking b ON b.id = v.booking_id
LEFT JOIN LATERAL (SELECT count(*) AS tickets FROM theatre_ticket WHERE booking_id = v.booking_id) t ON true
WHERE (v.state = 'booked') <> (v.booking_id IS NOT NULL)
   OR v.booking_id IS NOT NULL AND (b.show_id IS DISTINCT FROM v.show_id OR t.tickets <> cardinality(v.seat_ids)
     OR b.complimentary <> v.complimentary);

-- check: move_is_answered_by_its_guests: a moved show asks its own bookings, and who gave back has no ticket left
SELECT a.id AS answer, b.ref, a.answer AS said, b.state, b.show_id AS booked, m.show_id AS moved
FROM theatre_moveanswer a JOIN theatre_showmove m ON m.id = a.move_id JOIN theatre_booking b ON b.id = a.booking_id
WHERE b.show_id <> m.show_id OR b.state NOT IN ('confirmed', 'cancelled') OR b.confirmed_at > m.moved_at
   OR a.answer = 'returned' AND b.state <> 'cancelled' OR a.answered_at < m.moved_at;

-- check: moved_show_is_where_it_moved: the last move of a show that is to come says where and when it is
SELECT DISTINCT ON (m.show_id) m.show_id AS show, m.starts_at, s.starts_at AS is_at, m.screen_id AS screen
FROM theatre_showmove m JOIN theatre_show s ON s.id = m.show_id
WHERE (m.screen_id, m.starts_at) IS DISTINCT FROM (s.screen_id, s.starts_at)
  AND NOT EXISTS (SELECT 1 FROM theatre_showmove o WHERE o.show_id = m.show_id AND o.id > m.id);

-- check: sold_before_sales_ended: customers bought before the start, the counter until its minutes after
SELECT b.id AS booking, b.ref, b.channel, b.confirmed_at, s.starts_at
FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id
WHERE b.state IN ('confirmed', 'cancelled') AND b.confirmed_at > s.starts_at + interval '10 seconds'
  + CASE WHEN b.channel = 'counter' THEN :'counter_minutes'::int ELSE 0 END * interval '1 minute';

-- check: shown_movie_has_minutes: what is on the programme has a running time
SELECT m.id AS movie, m.title, m.state FROM theatre_movie m
WHERE m.duration_minutes IS NULL
  AND (m.state = 'showing' OR EXISTS (SELECT 1 FROM theatre_show s WHERE s.movie_id = m.id));

-- check: movie_has_the_poster_it_names: a poster's mark and its pictures come and go together
SELECT m.id AS movie, m.title, m.poster FROM theatre_movie m LEFT JOIN theatre_poster p ON p.movie_id = m.id
WHERE (m.poster <> '') <> (p.movie_id IS NOT NULL);

-- check: movie_in_a_letter_was_announced: the daily letter tells of what everybody was to hear of
SELECT m.id AS movie, m.title, m.digest_id AS digest FROM theatre_movie m
WHERE m.digest_id IS NOT NULL AND m.announced_at IS NULL;

-- check: daily_letter_counts_its_letters: what was queued of it, one a customer
SELECT d.id AS digest, d.day, d.letters, l.queued, l.customers FROM theatre_moviedigest d
CROSS JOIN LATERAL (SELECT count(*) AS queued, count(DISTINCT data ->> 'customer') AS customers FROM theatre_letter
                    WHERE kind = 'new_movies' AND key LIKE 'new_movies:' || d.id || ':%') l
WHERE d.letters <> l.queued OR d.letters <> l.customers;


-- Papers (I12) ----------------------------------------------------------------------------------------------------

-- check: invoice_numbers_have_no_gap: each series and year counts from 1 to its counter, every number once
SELECT coalesce(i.series, c.series) AS series, coalesce(i.year, c.year) AS year, i.lowest, i.highest, i.papers, c.last
FROM (
  SELECT series, year, min(number) AS lowest, max(number) AS highest, count(*) AS papers, count(DISTINCT number) AS numbers
  FROM theatre_invoice GROUP BY series, year
) i
FULL JOIN theatre_invoicecounter c ON c.series = i.series AND c.year = i.year
WHERE (i.lowest, i.highest, i.papers, i.numbers) IS DISTINCT FROM (1, c.last, c.last::bigint, c.last::bigint)
  AND NOT (i.papers IS NULL AND c.last = 0);

-- check: invoice_is_of_its_year: a paper's number is of the year it was issued in, by the theatre's calendar
SELECT id AS invoice, series, year, number, issued_at FROM theatre_invoice
WHERE year <> extract(year FROM issued_at AT TIME ZONE :'zone');

-- check: booking_has_its_invoice: one invoice for what was confirmed, with every ticket, the total and the VAT; else none
SELECT b.id AS booking, b.ref, b.state, b.total, i.invoices, i.total AS invoiced, i.vat, t.vat AS tickets_vat
FROM theatre_booking b
LEFT JOIN (
  SELECT booking_id, count(*) AS invoices, max(total) AS total, max(vat) AS vat, max(facts ->> 'total') AS said,
         max(facts ->> 'ref') AS ref, max(ticket_ids::text)::jsonb AS ticket_ids
  FROM theatre_invoice WHERE series = 'invoice' GROUP BY booking_id
) i ON i.booking_id = b.id
LEFT JOIN (
  SELECT booking_id, sum(vat) AS vat, jsonb_agg(id ORDER BY id) AS ticket_ids
  FROM theatre_ticket WHERE state IN ('sold', 'returned') GROUP BY booking_id
) t ON t.booking_id = b.id
WHERE CASE WHEN b.state IN ('confirmed', 'cancelled')
  THEN (i.invoices, i.total, i.vat, i.said::numeric, i.ref) IS DISTINCT FROM (1::bigint, b.total, t.vat, b.total, b.ref::text)
    OR NOT (i.ticket_ids @> t.ticket_ids AND i.ticket_ids <@ t.ticket_ids)
  ELSE i.booking_id IS NOT NULL END;

-- check: invoice_says_what_was_sold: the lines an invoice keeps add up to its total and its VAT
SELECT id AS invoice, total, vat, said FROM (
  SELECT i.id, i.total, i.vat, (
    SELECT (sum((line ->> 'price')::numeric), sum((line ->> 'vat')::numeric))
    FROM jsonb_array_elements(i.facts -> 'lines') AS line
  ) AS said, CASE i.series WHEN 'invoice' THEN 1 ELSE -1 END AS sign
  FROM theatre_invoice i
) p
WHERE said IS DISTINCT FROM (sign * total, sign * vat);

-- check: credit_notes_are_the_returns: a booking's credit notes are its returned tickets, each once, against its invoice
WITH notes AS (
  SELECT n.booking_id, -sum(n.total) AS credited, -sum(n.vat) AS vat,
         bool_and(o.id IS NOT NULL AND o.booking_id = n.booking_id AND o.series = 'invoice') AS refers
  FROM theatre_invoice n LEFT JOIN theatre_invoice o ON o.id = n.refers_to_id
  WHERE n.series = 'credit_note' GROUP BY n.booking_id
), credited AS (
  SELECT n.booking_id, array_agg(ticket::bigint ORDER BY ticket::bigint) AS ticket_ids
  FROM theatre_invoice n CROSS JOIN LATERAL jsonb_array_elements_text(n.ticket_ids) AS ticket
  WHERE n.series = 'credit_note' GROUP BY n.booking_id
), returned AS (
  SELECT booking_id, sum(price) AS given_back, sum(vat) AS vat, array_agg(id ORDER BY id) AS ticket_ids
  FROM theatre_ticket WHERE state = 'returned' GROUP BY booking_id
)
SELECT booking_id AS booking, notes.credited, returned.given_back, credited.ticket_ids, returned.ticket_ids AS returned
FROM notes FULL JOIN credited USING (booking_id) FULL JOIN returned USING (booking_id)
WHERE (notes.credited, notes.vat, credited.ticket_ids, notes.refers)
  IS DISTINCT FROM (returned.given_back, returned.vat, returned.ticket_ids, true);


-- Letters (I11) ---------------------------------------------------------------------------------------------------

-- check: confirmed_booking_has_its_letter: who confirmed and has an address is written to once
SELECT b.id AS booking, b.ref, count(l.id) AS letters
FROM theatre_booking b
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_user u ON u.id = c.user_id
LEFT JOIN theatre_letter l ON l.booking_id = b.id
  AND l.kind = CASE WHEN b.replaces_id IS NULL THEN 'booking_confirmed' ELSE 'booking_changed' END
WHERE b.state IN ('confirmed', 'cancelled') AND coalesce(u.email, b.guest_email) <> ''
GROUP BY b.id HAVING count(l.id) <> 1;

-- check: returned_tickets_have_their_letter: each credit note of somebody with an address has one letter
SELECT b.id AS booking, b.ref, n.notes, count(l.id) AS letters
FROM theatre_booking b
JOIN (SELECT booking_id, count(*) AS notes FROM theatre_invoice WHERE series = 'credit_note' GROUP BY booking_id) n
  ON n.booking_id = b.id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_user u ON u.id = c.user_id
LEFT JOIN theatre_booking r ON r.replaces_id = b.id
LEFT JOIN theatre_letter l ON l.booking_id = b.id AND l.kind IN ('booking_cancelled', 'tickets_returned', 'show_cancelled')
  OR l.booking_id = r.id AND l.kind = 'booking_changed'
WHERE coalesce(u.email, b.guest_email) <> ''
GROUP BY b.id, n.notes HAVING count(l.id) <> n.notes;

-- check: letter_tells_what_was_done: no letter about a booking that is not so
SELECT l.id AS letter, l.key, l.kind, b.ref, b.state
FROM theatre_letter l LEFT JOIN theatre_booking b ON b.id = l.booking_id
WHERE l.kind IN ('booking_confirmed', 'new_booking') AND coalesce(b.state, '') NOT IN ('confirmed', 'cancelled')
   OR l.kind IN ('booking_cancelled', 'tickets_returned', 'cancellation', 'show_cancelled') AND NOT EXISTS (
     SELECT 1 FROM theatre_ticket t WHERE t.booking_id = l.booking_id AND t.state = 'returned');

-- check: letter_is_queued_once: one row for a key and one for a Message-ID, and what is sent says when
SELECT key, count(*) AS letters FROM theatre_letter GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT message_id, count(*) FROM theatre_letter GROUP BY message_id HAVING count(*) > 1
UNION ALL
SELECT key, 1 FROM theatre_letter WHERE (state = 'sent') <> (sent_at IS NOT NULL) OR sent_at > clock_timestamp();


-- The waiting list -----------------------------------------------------------------------------------------------

-- check: offer_is_what_was_asked_for: a party that was offered seats has a booking of theirs with so many for that show
SELECT w.id AS party, w.show_id AS show, w.seats, b.ref, count(t.id) AS tickets
FROM theatre_waitingparty w
LEFT JOIN theatre_booking b ON b.id = w.booking_id
LEFT JOIN theatre_ticket t ON t.booking_id = b.id AND t.show_id = w.show_id
WHERE w.state = 'offered'
GROUP BY w.id, b.id
HAVING b.id IS NULL OR b.customer_id IS DISTINCT FROM w.customer_id
  OR b.show_id = w.show_id AND count(t.id) < w.seats;

-- check: seat_is_kept_for_somebody_who_waits: what is kept at this moment is of a show that is to come and waited for
SELECT c.show_id AS show, c.seat_id AS seat, c.held_until
FROM theatre_seatclaim c JOIN theatre_show s ON s.id = c.show_id
WHERE c.state = 'waiting' AND (s.state <> 'on_sale' OR c.held_until > clock_timestamp() + interval '10 minutes'
  OR NOT EXISTS (SELECT 1 FROM theatre_waitingparty w WHERE w.show_id = c.show_id));

-- check: party_is_told: who was offered seats, or waited in vain, has one letter about it
SELECT w.id AS party, w.state, count(l.id) AS letters
FROM theatre_waitingparty w
JOIN theatre_customer c ON c.id = w.customer_id JOIN theatre_user u ON u.id = c.user_id AND u.is_active
LEFT JOIN theatre_letter l ON l.user_id = c.user_id AND (w.state = 'offered' AND l.kind = 'seats_offered'
    AND l.booking_id = w.booking_id
  OR w.state = 'over' AND l.kind = 'waited_in_vain' AND l.key LIKE 'waited_in_vain:%' AND l.data ->> 'show' = w.show_id::text)
WHERE w.state IN ('offered', 'over')
GROUP BY w.id HAVING count(l.id) = 0 OR w.state = 'offered' AND count(l.id) > 1;


-- Requests, limits and the audit (I9, I13, I28) --------------------------------------------------------------------

-- check: idempotency_key_has_its_effect: a key that was kept has an answer, and the booking it names is there
SELECT k.principal, k.route, k.key, k.answer ->> 'ref' AS ref
FROM theatre_idempotencykey k LEFT JOIN theatre_booking b ON b.ref = k.answer ->> 'ref'
WHERE k.answer IS NULL OR k.status IS NULL OR k.answer ? 'ref' AND b.id IS NULL;

-- check: deed_is_audited_once: a hold, a confirmation and each return of a booking have their entry
SELECT b.id AS booking, b.ref, b.state, a.held, a.confirmed, a.cancelled, n.notes
FROM theatre_booking b
LEFT JOIN (
  SELECT on_id, count(*) FILTER (WHERE verb = 'hold') AS held, count(*) FILTER (WHERE verb = 'confirm') AS confirmed,
         count(*) FILTER (WHERE verb = 'cancel') AS cancelled
  FROM theatre_auditentry WHERE on_type = 'booking' GROUP BY on_id
) a ON a.on_id = b.ref
LEFT JOIN (SELECT booking_id, count(*) AS notes FROM theatre_invoice WHERE series = 'credit_note' GROUP BY booking_id) n
  ON n.booking_id = b.id
WHERE (a.held, a.confirmed, a.cancelled) IS DISTINCT FROM
  (1::bigint, CASE WHEN b.state IN ('confirmed', 'cancelled') THEN 1::bigint ELSE 0::bigint END, coalesce(n.notes, 0));

-- check: limits_are_kept: seats in a booking, holds of a customer and held seats of a network are within their limits
SELECT 'seats in a booking' AS what, b.ref AS who, count(*) AS number
FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id
GROUP BY b.id HAVING count(*) > CASE WHEN b.channel = 'counter' OR b.seller_id IS NOT NULL
  THEN :'staff_seats'::int ELSE :'seats'::int END
UNION ALL
SELECT 'holds of a customer', b.customer_id::text, count(*) FROM theatre_booking b
WHERE b.state = 'held' AND b.held_until > now() AND b.customer_id IS NOT NULL AND b.seller_id IS NULL
  AND b.extensions = 0 AND NOT EXISTS (SELECT 1 FROM theatre_waitingparty w WHERE w.booking_id = b.id)
GROUP BY b.customer_id HAVING count(*) > :'holds'::int + 1
UNION ALL
SELECT 'held seats of a network', b.network, count(*)
FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id AND t.state = 'held'
WHERE b.state = 'held' AND b.held_until > now() AND b.network <> ''
GROUP BY b.network HAVING count(*) > :'network_seats'::int;


-- People (I15, I20) -----------------------------------------------------------------------------------------------

-- check: person_has_the_profile_of_their_role: customers have a customer's, everybody else an employee's, never both
SELECT u.id AS "user", u.email, u.role, c.id AS customer, e.id AS employee
FROM theatre_user u
LEFT JOIN theatre_customer c ON c.user_id = u.id
LEFT JOIN theatre_employee e ON e.user_id = u.id
WHERE (u.role = 'customer') <> (c.id IS NOT NULL) OR (u.role <> 'customer') <> (e.id IS NOT NULL);

-- check: address_is_one_persons: no two people have one address, whatever its capitals
SELECT lower(email) AS address, count(*) AS people FROM theatre_user GROUP BY lower(email) HAVING count(*) > 1;

-- check: suspended_employee_has_no_session: who is suspended, removed or closed has no live session
SELECT u.id AS "user", u.email, s.expire_date
FROM theatre_user u
LEFT JOIN theatre_employee e ON e.user_id = u.id
JOIN usersessions_usersession us ON us.user_id = u.id
JOIN django_session s ON s.session_key = us.session_key AND s.expire_date > now()
WHERE NOT u.is_active OR e.status IN ('suspended', 'removed');

-- check: review_is_by_somebody_who_was_there: one review a customer and movie, with a ticket for a show that had started
SELECT r.id AS review, r.movie_id AS movie, r.customer_id AS customer, r.stars
FROM theatre_review r
WHERE r.stars NOT BETWEEN 1 AND 5
   OR EXISTS (SELECT 1 FROM theatre_review o
              WHERE o.movie_id = r.movie_id AND o.customer_id = r.customer_id AND o.id <> r.id)
   OR NOT EXISTS (
     SELECT 1 FROM theatre_booking b
     JOIN theatre_show s ON s.id = b.show_id AND s.movie_id = r.movie_id AND s.starts_at <= r.written_at
     JOIN theatre_ticket t ON t.booking_id = b.id AND t.state IN ('sold', 'returned')
     WHERE b.customer_id = r.customer_id);


-- The database itself (I13, I29) ----------------------------------------------------------------------------------

-- check: constraints_are_proved: every constraint has been validated and every index can be used
SELECT conrelid::regclass::text AS "table", conname AS name FROM pg_constraint
WHERE NOT convalidated AND connamespace = 'public'::regnamespace
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT (i.indisvalid AND i.indisready) AND c.relnamespace = 'public'::regnamespace;

-- check: guards_stand: the constraints that seats and money rest on are there, and the triggers that guard rows are on
SELECT w.tbl AS "table", w.name FROM (VALUES
  ('theatre_ticket', 'one_live_ticket_per_seat_and_show'), ('theatre_ticket', 'ticket_parts_add_up'),
  ('theatre_ticket', 'ticket_is_of_its_bookings_show'), ('theatre_ticket', 'ticket_is_of_a_seat_of_the_plan'),
  ('theatre_seatclaim', 'theatre_seatclaim_pkey'), ('theatre_seatclaim', 'claim_is_of_the_shows_plan'),
  ('theatre_seatclaim', 'claim_is_of_a_seat_of_the_plan'), ('theatre_seatclaim', 'claim_is_of_its_bookings_show'),
  ('theatre_seatclaim', 'claim_has_the_owner_of_its_state'),
  ('theatre_seatclaim', 'claim_is_of_its_reservations_show'), ('theatre_show', 'shows_on_a_screen_never_overlap'),
  ('theatre_show', 'show_has_a_plan_of_its_screen'), ('theatre_payment', 'refund_never_exceeds_its_payment'),
  ('theatre_ledgerentry', 'one_sale_and_one_return_per_ticket'), ('theatre_ledgerentry', 'ledger_parts_add_up'),
  ('theatre_invoice', 'invoice_number_is_given_once'), ('theatre_invoice', 'one_invoice_per_booking'),
  ('theatre_coupon', 'coupon_uses_within_limit'), ('theatre_letter', 'theatre_letter_key_key')
) AS w (tbl, name)
WHERE NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = w.name AND c.relkind = 'i')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = w.name AND c.conrelid = w.tbl::regclass)
UNION ALL
SELECT w.tbl, w.name FROM (VALUES ('theatre_ledgerentry'), ('theatre_auditentry'), ('theatre_invoice'), ('theatre_rowchange')) AS t (tbl)
CROSS JOIN LATERAL (VALUES (t.tbl, 'append_only'), (t.tbl, 'append_only_whole')) AS w (tbl, name)
WHERE NOT EXISTS (SELECT 1 FROM pg_trigger g
                  WHERE g.tgrelid = w.tbl::regclass AND g.tgname = w.name AND g.tgenabled <> 'D')
UNION ALL
SELECT w.tbl, w.name FROM (VALUES
  ('theatre_seat', 'plan_in_use_gains_no_seat'), ('theatre_seat', 'plan_in_use_keeps_its_seats'),
  ('theatre_seat', 'plan_in_use_is_given_no_seat'), ('theatre_seat', 'plan_in_use_loses_no_seat'),
  ('theatre_seatplan', 'plan_in_use_stands'), ('theatre_show', 'screen_is_active')
) AS w (tbl, name)
WHERE NOT EXISTS (SELECT 1 FROM pg_trigger g
                  WHERE g.tgrelid = w.tbl::regclass AND g.tgname = w.name AND g.tgenabled <> 'D');

-- check: nothing_is_orphaned: what a row points to is there
SELECT 'ticket' AS kind, t.id::text AS id, 'booking' AS misses FROM theatre_ticket t
WHERE NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = t.booking_id)
UNION ALL SELECT 'claim', c.show_id || '/' || c.seat_id, 'booking' FROM theatre_seatclaim c
WHERE c.booking_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = c.booking_id)
UNION ALL SELECT 'booking', x.id::text, 'show' FROM theatre_booking x
WHERE NOT EXISTS (SELECT 1 FROM theatre_show s WHERE s.id = x.show_id)
UNION ALL SELECT 'booking', x.id::text, 'customer' FROM theatre_booking x
WHERE x.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM theatre_customer c WHERE c.id = x.customer_id)
UNION ALL SELECT 'booking', x.id::text, 'person' FROM theatre_booking x
CROSS JOIN LATERAL (VALUES (x.booked_by_id), (x.seller_id), (x.assigned_to_id), (x.ended_by_id)) AS p (id)
WHERE p.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM theatre_user u WHERE u.id = p.id)
UNION ALL SELECT 'ledger entry', l.id::text, 'booking' FROM theatre_ledgerentry l
WHERE NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = l.booking_id)
UNION ALL SELECT 'payment', p.id::text, 'booking' FROM theatre_payment p
WHERE NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = p.booking_id)
UNION ALL SELECT 'refund', r.id::text, 'payment' FROM theatre_refund r
WHERE NOT EXISTS (SELECT 1 FROM theatre_payment p WHERE p.id = r.payment_id)
UNION ALL SELECT 'invoice', i.id::text, 'booking' FROM theatre_invoice i
WHERE NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = i.booking_id)
UNION ALL SELECT 'letter', l.id::text, 'booking' FROM theatre_letter l
WHERE l.booking_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.id = l.booking_id)
UNION ALL SELECT 'show', s.id::text, 'movie' FROM theatre_show s
WHERE NOT EXISTS (SELECT 1 FROM theatre_movie m WHERE m.id = s.movie_id)
UNION ALL SELECT 'show', s.id::text, 'price card' FROM theatre_show s
WHERE NOT EXISTS (SELECT 1 FROM theatre_pricecard c WHERE c.id = s.card_id)
UNION ALL SELECT 'customer', c.id::text, 'user' FROM theatre_customer c
WHERE NOT EXISTS (SELECT 1 FROM theatre_user u WHERE u.id = c.user_id);
