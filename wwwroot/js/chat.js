// The chat in the widget's frame: who the visitor is, what the page around is told, and what happens when the line breaks.
//
// <html data-chat="KEY">   #pane [data-stage] [data-unread] [data-announce]   [data-announcer]   [data-minimise]
// #pane [data-lost data-text] [data-displaced] [data-resume]   #stream (hx-sse)   form [data-problem data-wait data-failed]   details.ask form
// form[data-forget]   #start keeps what is typed into it   [data-turns="s"] hears cc:turn when the hours open or close the campaign
// Messages to the launcher: minimise, unread, running; from it: open (value: by hand), closed.
(() => {
  const root = document.documentElement;
  const kept = `cc-visitor-${root.dataset.chat}`;
  const embedded = parent !== window;
  const pane = () => document.getElementById('pane');
  const refresh = () => { if (pane()) htmx.trigger(pane(), 'cc:refresh'); };

  // ---- who this is: kept here, sent as a header, shared by the tabs of this site ----
  let token = document.querySelector('[name=visitor]')?.value || cc.local.get(kept) || '';
  const keep = value => { if (value && value !== token) cc.local.set(kept, token = value); };
  const sign = headers => { if (token) headers['X-Visitor'] = token; };
  if (token) cc.local.set(kept, token);

  document.addEventListener('cc:headers', ({ detail }) => sign(detail.headers));
  document.addEventListener('htmx:config:request', ({ target, detail: { ctx: { request } } }) => {
    sign(request.headers);
    // The field is for plain forms; here it would end up in an address.
    request.body?.delete('visitor');
    // Loaded again, a form with words in it is a form with words in it: they do not go behind the conversation that had ended.
    if (target.id === 'pane' && /start|offline/.test(target.dataset.stage) && typed().text) request.body?.set('again', 'true');
  });
  document.addEventListener('htmx:before:response', ({ detail }) => keep(detail.ctx.response.headers.get('X-Visitor')));
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key !== kept || (newValue || '') === token) return;
    token = newValue || '';
    refresh();
  });
  // Somebody else at the same computer: neither who was here before nor what they wrote.
  document.addEventListener('submit', ({ target }) => {
    if (!target.matches('[data-forget]')) return;
    cc.local.set(kept, token = '');
    for (const area of [cc.own.local, cc.own.session]) for (const key of area.keys()) area.set(key, null);
  }, true);

  // ---- the start form: what is typed into it stays until it has been sent, also when the page around is left ----
  const fields = ['id', 'proof', 'name', 'email', 'phone', 'language', 'text'];
  const typed = () => JSON.parse(cc.own.session.get('start') || '{}');
  const keepTyped = form => cc.own.session.set('start', JSON.stringify(Object.fromEntries(fields.map(name => [name, form.elements[name].value]))));
  cc.each('#start', form => {
    const before = typed();
    // What the server shows again is what was sent last.
    if (form.elements.text.value || form.querySelector('[aria-invalid=true]')) keepTyped(form);
    else for (const name of fields) if (before[name]) form.elements[name].value = before[name];
    form.addEventListener('input', () => keepTyped(form));
  });

  // A computer that slept notices late; and not everybody asks in the same moment. A swap may leave the element and tell it anew.
  const turning = new WeakMap();
  function turns(elt) {
    const at = Date.now() + elt.dataset.turns * 1000 + 300 + Math.random() * 1700;
    clearTimeout(turning.get(elt));
    const wait = () => {
      if (!elt.isConnected) return;
      if (Date.now() >= at) htmx.trigger(elt, 'cc:turn');
      else turning.set(elt, setTimeout(wait, Math.min(at - Date.now(), 20000)));
    };
    wait();
  }
  const turnsAll = () => document.querySelectorAll('[data-turns]').forEach(turns);
  queueMicrotask(turnsAll);

  // ---- the page around ----
  let host = '', shown = !embedded, unread = 0, wanted = false;
  const tell = (cc, value) => { if (host) parent.postMessage({ cc, value }, host); };
  const running = () => /waiting|attending/.test(pane()?.dataset.stage);

  window.addEventListener('message', ({ source, origin, data }) => {
    // Only who framed this page, and only as the one it was at first: frame-ancestors has said who that may be.
    if (!embedded || source !== parent || !data?.cc || (host && origin !== host)) return;
    host = origin;
    shown = data.cc === 'open';
    if (shown) {
      unread = 0;
      if (data.value) wanted = true;
      if ('ready' in root.dataset) ready();
    }
    tell('unread', unread);
    tell('running', running());
  });
  document.addEventListener('click', event => { if (event.target.closest('[data-minimise]')) tell('minimise'); });
  // On the window, after whoever has something of their own to close.
  window.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const ask = document.querySelector('.ask[open]');
    if (!ask) return tell('minimise');
    ask.open = false;
    ask.querySelector('summary').focus();
  });

  document.addEventListener('cc:incoming', ({ detail }) => {
    if (!shown) tell('unread', unread += detail.count);
    const watched = shown && document.hasFocus();
    // Where it is read, no other tab need call for it.
    if (watched || audio?.state === 'running') cc.oneTab(`chime-${root.dataset.chat}`, () => { if (!watched) chime(); }, watched);
  });

  // Browsers let a page make a sound once somebody has used it.
  let audio;
  const unlock = () => { try { audio ||= new AudioContext(); audio.resume(); } catch { } };
  for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, unlock, { once: true });
  function chime() {
    const tone = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime;
    tone.frequency.setValueAtTime(660, at);
    tone.frequency.setValueAtTime(880, at + .09);
    volume.gain.setValueAtTime(.05, at);
    volume.gain.exponentialRampToValueAtTime(.0001, at + .35);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + .36);
  }

  // ---- a new pane, or the same one changed ----
  let last, stage = pane()?.dataset.stage, said = '';

  function settled() {
    const elt = pane(), { dataset } = elt;
    const fresh = last && (last !== elt || stage !== dataset.stage);
    last = elt;
    for (const button of document.querySelectorAll('[data-minimise]')) button.hidden = !embedded;
    if (!shown && Number(dataset.unread)) tell('unread', unread = Number(dataset.unread));
    // A queue that moves is told again only when the words change.
    if (dataset.announce !== said) document.querySelector('[data-announcer]').textContent = said = dataset.announce;
    if (/waiting|attending|kept/.test(dataset.stage)) cc.own.session.set('start', null);
    if (dataset.stage !== stage) {
      stage = dataset.stage;
      tell('running', running());
    }
    // What had the focus went with the old pane.
    if (fresh && document.activeElement === document.body && document.hasFocus()) focusIn();
  }

  // On a phone the keyboard would cover what there is to read.
  function focusIn() {
    const touch = matchMedia('(pointer: coarse)').matches;
    const field = pane().querySelector('[aria-invalid=true]') || (!touch && pane().querySelector('[data-composer] textarea, #name')) || pane().querySelector('.again button');
    (field || pane().querySelector('h1')).focus({ preventScroll: true });
  }

  // Until then there is nothing to be seen, and nothing that takes the focus.
  function ready() {
    root.dataset.ready = '';
    if (!wanted) return;
    wanted = false;
    focusIn();
  }

  document.addEventListener('htmx:after:swap', () => {
    turnsAll();
    ready();
    settled();
    rest(resting);
  });

  // ---- the line: hx-sse reconnects once it was open; before that, and the pane, is ours ----
  let lost = 0;

  function line(fine) {
    const notice = pane()?.querySelector('[data-lost]');
    if (fine) {
      clearTimeout(lost);
      lost = 0;
      if (notice) notice.hidden = true;
    } else lost ||= setTimeout(() => {
      const now = pane()?.querySelector('[data-lost]');
      if (!now) return;
      now.hidden = false;
      now.textContent = now.dataset.text;
    }, 1500);
  }

  // ---- one tab too many, and the oldest rests: it comes back when somebody asks it to, not by itself ----
  let resting = null;
  const rest = stream => {
    resting = stream;
    const notice = pane()?.querySelector('[data-displaced]');
    if (notice) notice.hidden = !resting?.isConnected;
  };
  document.addEventListener('displaced', ({ target }) => {
    target._htmx.sse.config.reconnect = false;
    rest(target);
  });
  // Whenever a pane is processed while its stream rests, hx-sse would connect it, and listens once more for being asked to.
  let connecting = null;
  document.addEventListener('htmx:config:request', event => {
    if (event.target.id !== 'stream') return;
    if (event.target === resting || event.target === connecting) event.preventDefault();
    else connecting = event.target;
  });
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('[data-resume]')) return;
    const stream = resting;
    rest(null);
    // What it missed comes with the stream.
    if (stream?._htmx?.sse) stream._htmx.sse.config.reconnect = true;
    else if (stream) htmx.trigger(stream, 'cc:connect');
  });

  const status = detail => detail.ctx?.response?.status || 0;

  document.addEventListener('htmx:sse:after:connection', () => {
    line(true);
    rest(connecting = null);
  });
  document.addEventListener('htmx:sse:error', ({ detail }) => {
    line(false);
    if (detail.status === 404) refresh();
  });
  document.addEventListener('htmx:finally:request', ({ target, detail }) => {
    const failed = !status(detail) || status(detail) >= 500 || status(detail) === 429;
    if (target.id === 'stream') connecting = null;
    if (target.id === 'stream' && !target._htmx?.sse) {
      line(false);
      setTimeout(() => { if (target.isConnected) status(detail) === 404 ? refresh() : htmx.trigger(target, 'cc:connect'); }, 1500);
    } else if (target.id === 'pane' && failed && !detail.ctx.request.signal.aborted) {
      ready();
      line(false);
      setTimeout(refresh, 2000);
    } else if (target.id === 'pane' && !running()) line(true);
    else if (target.matches?.('#start, .ask form, .again')) problem(target, detail);
    else if (target.matches?.('[data-turns]') && failed) setTimeout(() => { if (target.isConnected) htmx.trigger(target, 'cc:turn'); }, 5000);
  });
  // A connection that slept with the computer, or was without a network, is often dead without anybody saying so.
  const anew = () => document.getElementById('stream')?._htmx?.sse?.reader?.cancel();
  let hiddenAt = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > 60000) anew();
  });
  window.addEventListener('online', anew);

  function problem(form, { ctx }) {
    const place = form.querySelector('[data-problem]');
    const code = ctx.response?.status;
    place.textContent = code === 429 ? cc.fill(place.dataset.wait, ctx.response.headers.get('Retry-After') || '1')
      : !code || code >= 400 && code !== 422 && code !== 409 ? place.dataset.failed : '';
  }

  // ---- begin: who was here before sees their conversation, not the form ----
  function begin() {
    // htmx starts when every script is there, after this one.
    if (!pane().matches('[data-htmx-powered]')) return setTimeout(begin, 5);
    settled();
    if (token) refresh(); else ready();
  }
  begin();
})();
