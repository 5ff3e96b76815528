-- A waiting contact whose page is gone keeps their place for a quarter of an hour, where nobody had chosen another time.
update campaigns set settings = jsonb_set(settings, '{AbandonAfter}', '900') where settings -> 'AbandonAfter' = '120';
