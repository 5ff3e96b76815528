// New work makes itself heard and seen: a short sound (in the background too), the count in the title, and, where the
// user allowed it by a click, a notification of the browser. The inbox, or what the bell of another page shows, carries
// data-alerts (a count) and data-newest (what the newest is); a rise of the newest rings, also from one page to the next.
// Of several tabs one rings.
(() => {
  const bell = () => document.querySelector('[data-bell]');
  let title = document.title.replace(/^\(\d+\) /, ''), alerts = 0, newest = cc.own.session.get('newest'), audio = null;
  const muted = () => cc.likings.get('muted') === '1';

  function write() { document.title = alerts ? `(${alerts}) ${title}` : title; }
  document.addEventListener('cc:title', ({ detail }) => { title = detail; write(); });

  // ---- sound: made here, so there is no file to load; browsers want a gesture first ----
  function unlock() {
    audio ||= new (window.AudioContext || window.webkitAudioContext)();
    return audio.resume().then(() => { cc.own.session.set('heard', '1'); show(); }, show);
  }
  // Browsers that allowed it on the page before allow it on this one too; the others wait for a gesture.
  if (cc.own.session.get('heard')) unlock();
  for (const gesture of ['pointerdown', 'keydown'])
    document.addEventListener(gesture, event => { if (audio?.state !== 'running' && !event.target.closest?.('[data-sound]')) unlock(); }, { capture: true, passive: true });

  function note(frequency, at, length) {
    const oscillator = audio.createOscillator(), gain = audio.createGain();
    oscillator.type = 'sine';
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(.22, at + .012);
    gain.gain.exponentialRampToValueAtTime(.0001, at + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
  }

  const LATE = 10_000;
  let rings = false;
  function ring() {
    if (muted() || !audio || rings) return;
    // The click that allows sound may be the one that brings the work: then sound is just starting.
    const asked = Date.now();
    rings = true;
    // Only a tab that may make a sound asks to be the one that does.
    audio.resume().then(() => { rings = false; if (Date.now() - asked < LATE) cc.oneTab('ring', play, document.hasFocus()); }, () => { rings = false; });
  }

  function play() {
    const at = audio.currentTime + .01;
    note(784, at, .28);
    note(1047, at + .11, .42);
    document.dispatchEvent(new CustomEvent('cc:rang'));
  }

  document.addEventListener('cc:ring', ring);

  function alert(inbox) {
    ring();
    const { alertTitle, alertText } = inbox.dataset;
    cc.oneTab('notice', () => {
      // Somebody works in one of these tabs: that one came first.
      if (document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return;
      try {
        const shown = new Notification(alertTitle, { body: alertText, tag: 'cc', renotify: true, silent: audio?.state === 'running' });
        shown.addEventListener('click', () => { window.focus(); shown.close(); });
      } catch { /* Android allows them only from a service worker. */ }
    }, document.hasFocus());
  }

  function read(inbox) {
    alerts = Number(inbox.dataset.alerts) || 0;
    const latest = inbox.dataset.newest || '';
    // The first reading is what already was there.
    if (newest !== null && latest > newest && alerts) alert(inbox);
    if (newest === null || latest > newest) cc.own.session.set('newest', newest = latest);
    write();
    const count = bell()?.querySelector('[data-count]');
    if (count) { count.textContent = alerts > 99 ? '99+' : alerts; count.hidden = !alerts; }
  }
  cc.each('[data-alerts]', inbox => {
    read(inbox);
    new MutationObserver(() => read(inbox)).observe(inbox, { attributeFilter: ['data-alerts', 'data-newest'] });
  });

  // ---- the controls ----
  function show() {
    const locked = !muted() && audio?.state !== 'running';
    for (const button of document.querySelectorAll('[data-sound]')) {
      button.setAttribute('aria-pressed', String(!muted()));
      button.dataset.state = muted() ? 'off' : locked ? 'locked' : 'on';
    }
    for (const button of document.querySelectorAll('[data-permission]'))
      button.hidden = !('Notification' in window) || Notification.permission !== 'default';
  }
  cc.each('[data-sound], [data-permission]', show);
  // A list that was fetched again has them as the server writes them.
  document.addEventListener('htmx:after:swap', show);

  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-sound]')) {
      const wasLocked = !muted() && event.target.closest('[data-sound]').dataset.state === 'locked';
      if (!wasLocked) cc.likings.set('muted', muted() ? '' : '1');
      // To hear that it does: here, and whatever other tabs do.
      unlock().then(() => { if (!muted() && audio.state === 'running') play(); });
    }
    if (event.target.closest?.('[data-permission]')) Notification.requestPermission().then(show);
  });
})();
