// The message log. It stays at the end unless the reader scrolled up (then a pill counts what is new), tells the
// server what this side has received and read, shows the other side's ticks, and who is typing.
//
// <section data-log data-peer="contact|staff" data-receipts="/…/receipts" data-sent data-delivered data-read>; the receipts
// of a log that only its holder answers for stand on their composer, which comes and goes: data-receipts-of="#composer"
//   [data-older]  button loading earlier messages      [data-messages]  the upsert target
//   [data-outbox] messages on their way (outbox.js)
// [data-to-end] button, hidden; its [data-count] is filled   #pane [data-typing data-text="{0} is typing…"]
// Events heard on the way up from the stream's element: `marks`, `typing`; and `cc:look`, upon which data-seen is current.
(() => {
  const logs = '[data-log]:not([data-composer], [data-unsent])';
  const near = 48;          // px from the end that still count as "at the end"
  const states = new WeakMap();
  const number = value => Number(value) || 0;
  const entry = '[data-seq]';

  cc.each(logs, log => {
    const messages = log.querySelector('[data-messages]');
    const pill = log.parentElement.querySelector('[data-to-end]');
    const state = { log, messages, pill, stuck: true, fromEnd: 0, fresh: 0, shown: 0, sent: {}, marks: {}, timer: 0, wait: 400 };
    states.set(log, state);
    state.top = lastSeq(messages);

    const sight = new IntersectionObserver(entries => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting) { see(state, number(target.dataset.seq)); sight.unobserve(target); }
    }, { root: log, threshold: 0 });
    state.sight = sight;
    messages.querySelectorAll(entry).forEach(message => sight.observe(message));

    new MutationObserver(records => grown(state, records)).observe(messages, { childList: true });
    const outbox = log.querySelector('[data-outbox]');
    if (outbox) new MutationObserver(() => toEnd(state)).observe(outbox, { childList: true });
    new ResizeObserver(() => { if (state.stuck) toEnd(state); }).observe(log);

    log.addEventListener('scroll', () => {
      state.fromEnd = log.scrollHeight - log.scrollTop;
      state.stuck = state.fromEnd - log.clientHeight < near;
      if (state.stuck) count(state, 0);
    }, { passive: true });

    mark(state, log.dataset);
    toEnd(state);
    receipts(state);
  });

  function grown(state, records) {
    const { log, messages } = state;
    let top = state.top, fresh = 0, before = false;
    for (const { addedNodes } of records)
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        const seq = number(node.dataset.seq);
        if (seq > top) top = seq;
        if (seq > state.top) { if (node.matches('.in')) fresh++; typing(log, null); } else before = true;
        if (node.matches(entry)) state.sight.observe(node);
        if (node.dataset.client) settle(log, node.dataset.client);
      }
    state.top = top;
    tick(state);
    if (state.stuck) toEnd(state);
    else if (before && fresh === 0) log.scrollTop = log.scrollHeight - state.fromEnd;
    if (!state.stuck) count(state, state.fresh + fresh);
    receipts(state);
    if (fresh) cc.emit(log, 'cc:incoming', { count: fresh });
  }

  // The stored message has arrived: what stood for it goes.
  function settle(log, client) {
    log.querySelectorAll(`[data-outbox] [data-client="${CSS.escape(client)}"]`).forEach(elt => elt.remove());
    cc.emit(log, 'cc:stored', { client });
  }

  function lastSeq(messages) {
    let top = 0;
    for (const elt of messages.children) top = Math.max(top, number(elt.dataset.seq));
    return top;
  }

  function toEnd(state) {
    state.log.scrollTop = state.log.scrollHeight;
    state.fromEnd = state.log.scrollHeight - state.log.scrollTop;
    state.stuck = true;
    count(state, 0);
  }

  function count(state, fresh) {
    state.fresh = fresh;
    if (!state.pill) return;
    state.pill.hidden = state.stuck;
    const label = state.pill.querySelector('[data-count]');
    if (label) { label.textContent = fresh || ''; label.hidden = !fresh; }
  }

  // ---- what this side has received and seen ----
  const watched = () => document.visibilityState === 'visible' && document.hasFocus();

  function see(state, seq) {
    // Seen only while somebody is looking: a log in a background tab has been received, not read.
    state.pendingSeen = Math.max(state.pendingSeen || 0, seq);
    if (!watched()) return;
    state.shown = Math.max(state.shown, state.pendingSeen);
    state.log.dataset.seen = state.shown;
    receipts(state);
  }

  // Whoever sends has before them what stands there, even if no frame has been drawn since it came (outbox.js asks).
  document.addEventListener('cc:look', ({ target }) => {
    const state = states.get(target);
    if (!state) return;
    const { top, bottom } = state.log.getBoundingClientRect();
    const shown = [...state.messages.querySelectorAll(entry)].findLast(message => {
      const box = message.getBoundingClientRect();
      return box.top < bottom && box.bottom > top;
    });
    if (shown) see(state, number(shown.dataset.seq));
  });

  function receiver({ dataset }) {
    return dataset.receipts || (dataset.receiptsOf && document.querySelector(dataset.receiptsOf)?.dataset.receipts);
  }

  function receipts(state) {
    const { log } = state;
    if (!receiver(log) || state.timer) return;
    state.timer = setTimeout(async () => {
      const delivered = state.top, read = state.shown, url = receiver(log);
      if (!log.isConnected || !url || (delivered <= number(state.sent.delivered) && read <= number(state.sent.read))) { state.timer = 0; return; }
      let ok = false;
      try {
        const answer = await cc.post(log, url, { delivered, read }, { keepalive: true });
        ok = answer.ok || answer.status === 404 || answer.status === 401;
      } catch { }
      if (ok) { state.sent = { delivered, read }; state.wait = 400; } else state.wait = Math.min(state.wait * 2, 15000);
      state.timer = 0;
      receipts(state);
    }, state.wait);
  }

  // Whoever has just taken the conversation has received it, and reads it.
  cc.each('[data-composer][data-receipts]', () => {
    for (const log of document.querySelectorAll(logs)) if (states.has(log)) receipts(states.get(log));
  });

  const looked = () => document.querySelectorAll(logs).forEach(log => {
    const state = states.get(log);
    if (state && watched()) see(state, state.pendingSeen || 0);
  });
  document.addEventListener('visibilitychange', looked);
  window.addEventListener('focus', looked);

  // ---- ticks ----
  function mark(state, data) {
    const peer = state.log.dataset.peer;
    const read = number(data[`${peer}Read`]), delivered = number(data[`${peer}Delivered`]);
    state.marks = { read: Math.max(read, number(state.marks.read)), delivered: Math.max(delivered, read, number(state.marks.delivered)) };
    tick(state);
  }

  function tick({ log, messages, marks }) {
    for (const message of messages.querySelectorAll('.msg.out[data-seq]:not([data-status=read])')) {
      const seq = number(message.dataset.seq);
      const status = seq <= marks.read ? 'read' : seq <= marks.delivered ? 'delivered' : 'sent';
      if (message.dataset.status !== status && !(message.dataset.status === 'delivered' && status === 'sent')) message.dataset.status = status;
      const ticks = message.querySelector('.ticks');
      const label = log.dataset[message.dataset.status];
      if (ticks && label && ticks.getAttribute('aria-label') !== label) {
        ticks.setAttribute('role', 'img');
        ticks.setAttribute('aria-label', label);
        ticks.title = label;
      }
    }
  }

  const parse = event => { try { return JSON.parse(event.detail.data); } catch { return null; } };
  // The stream's element may stand beside the log: every log of the page hears it.
  document.addEventListener('marks', event => {
    const data = parse(event);
    if (data) document.querySelectorAll(logs).forEach(log => states.has(log) && mark(states.get(log), data));
  });

  // ---- typing ----
  function typing(log, name) {
    const line = log.closest('#pane').querySelector('[data-typing]');
    if (!line) return;
    clearTimeout(line.ccTimer);
    line.classList.toggle('on', !!name);
    const text = line.querySelector('[data-who]') || line;
    text.textContent = name ? cc.fill(line.dataset.text, name) : '';
    if (name) line.ccTimer = setTimeout(() => typing(log, null), 6000);
  }
  document.addEventListener('typing', event => {
    const data = parse(event);
    if (!data) return;
    for (const log of document.querySelectorAll(logs)) if (data.by === log.dataset.peer) typing(log, data.name || ' ');
  });

  document.addEventListener('click', event => {
    const pill = event.target.closest?.('[data-to-end]');
    if (!pill) return;
    const state = states.get(pill.parentElement.querySelector(logs));
    if (state) toEnd(state);
  });

  // Earlier messages are read on request: they must not be announced as news.
  const live = value => document.querySelectorAll('[data-messages]').forEach(list => list.setAttribute('aria-live', value));
  document.addEventListener('htmx:before:request', event => { if (event.target.closest?.('[data-older]')) live('off'); });
  document.addEventListener('htmx:after:settle', () => setTimeout(live, 300, 'polite'));
})();
