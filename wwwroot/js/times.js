// <time datetime="…" data-local="time|date|datetime|smart"> is written in the zone of <html data-zone> and its language.
// <time datetime="…" data-since> counts up from its moment (m:ss), data-since="rough" in whole minutes; data-until down to it.
// <time datetime="…" data-opens data-zone data-says …> says when a campaign opens again: on this page's clock, with the campaign's
// own beside it where that shows another time.
// <html data-now="unix ms"> tells the server's clock, so a wrong clock of this computer does not show.
(() => {
  const root = document.documentElement;
  // English without a country would put the month first, unlike the times the server writes.
  const language = root.lang === 'en' ? 'en-GB' : root.lang || undefined;
  const skew = root.dataset.now ? Number(root.dataset.now) - Date.now() : 0;
  const now = () => Date.now() + skew;
  cc.now = now;
  const zone = (() => {
    try { new Intl.DateTimeFormat(language, { timeZone: root.dataset.zone }); return root.dataset.zone || undefined; }
    catch { return undefined; }
  })();

  const format = options => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = format({ day: 'numeric', month: 'short' });
  const date = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const full = format({ dateStyle: 'full', timeStyle: 'medium' });
  const ymd = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const minutes = new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', unitDisplay: 'narrow' });
  const hours = new Intl.NumberFormat(language, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' });
  const days = new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'narrow' });

  const sameDay = (a, b) => ymd.format(a) === ymd.format(b);
  const styles = {
    // A moment of another day says which.
    time: at => sameDay(at, now()) ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`,
    date: at => date.format(at),
    datetime: at => `${day.format(at)}, ${clock.format(at)}`,
    smart: at => sameDay(at, now()) ? clock.format(at) : day.format(at),
  };
  const pad = n => String(n).padStart(2, '0');

  function since(elt) {
    const passed = (now() - Date.parse(elt.dateTime)) / 1000;
    const seconds = Math.max(0, 'until' in elt.dataset ? Math.ceil(-passed) : Math.floor(passed));
    if (elt.dataset.since === 'rough') {
      if (seconds < 3600) return minutes.format(Math.floor(seconds / 60));
      return seconds < 172800 ? hours.format(Math.floor(seconds / 3600)) : days.format(Math.floor(seconds / 86400));
    }
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60;
    return h ? `${h}:${pad(m)}:${pad(seconds % 60)}` : `${m}:${pad(seconds % 60)}`;
  }

  const write = (elt, text) => { if (elt.textContent !== text) elt.textContent = text; };

  function localise(elt) {
    const at = Date.parse(elt.dateTime);
    if (Number.isNaN(at)) return;
    write(elt, (styles[elt.dataset.local] || styles.datetime)(at));
    elt.title = full.format(at);
  }

  function opens(elt) {
    const at = Date.parse(elt.dateTime), { says, today, tomorrow, day, there, zone: theirs } = elt.dataset;
    const here = { timeZone: zone }, place = { timeZone: theirs };
    const at24 = where => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...where }).format(at);
    const date = (where, moment) => new Intl.DateTimeFormat('en-CA', { ...where }).format(moment);
    const days = where => Math.round((Date.parse(date(where, at)) - Date.parse(date(where, now()))) / 86400000);
    const on = (where, options) => new Intl.DateTimeFormat(language, { weekday: 'long', ...options, ...where }).format(at);
    const when = where => {
      const ahead = days(where);
      if (ahead < 2) return cc.fill(ahead < 1 ? today : tomorrow, at24(where));
      return cc.fill(day, on(where, ahead < 7 ? {} : { day: 'numeric', month: 'long' }), at24(where));
    };
    const same = date(here, at) === date(place, at);
    const clocks = at24(here) === at24(place) && same;
    write(elt, cc.fill(says, clocks ? when(here) : cc.fill(there, when(here), same ? at24(place) : cc.fill(day, on(place), at24(place)))));
  }

  const running = new Set();
  function tick() {
    for (const elt of running) {
      if (elt.isConnected) write(elt, since(elt)); else running.delete(elt);
    }
    // The next whole second, so the count neither drifts nor skips.
    setTimeout(tick, 1000 - now() % 1000 + 5);
  }

  cc.each('time[data-local]', localise);
  cc.each('time[data-opens]', opens);
  cc.each('time:is([data-since], [data-until])', elt => { running.add(elt); write(elt, since(elt)); });
  // A morph changes the moment or the text of an element it keeps.
  new MutationObserver(records => {
    for (const { target } of records) {
      const elt = target.nodeType === 1 ? target : target.parentElement;
      if (elt?.matches?.('time[data-local]')) localise(elt);
      else if (elt?.matches?.('time[data-opens]')) opens(elt);
      else if (elt?.matches?.('time:is([data-since], [data-until])')) { running.add(elt); write(elt, since(elt)); }
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: ['datetime'] });
  tick();
})();
