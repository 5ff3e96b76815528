// What the behaviours share: attach to present and future elements, post a form, fill a text template; that the keys of an
// input method are nobody else's, and that of several tabs one rings.
(() => {
  const watchers = [];

  // Keys that an input method takes, Enter first of all, choose a word: no behaviour hears of them. Safari sends the Enter that
  // ends a composition after its end, and tells by 229 alone.
  window.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  }, true);

  // Runs fn once for every element that matches, when the script that asks is through, and whenever one is added.
  function each(selector, fn) {
    const seen = new WeakSet();
    const run = elt => { if (!seen.has(elt)) { seen.add(elt); fn(elt); } };
    watchers.push({ selector, run });
    queueMicrotask(() => document.querySelectorAll(selector).forEach(run));
  }

  new MutationObserver(records => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        for (const { selector, run } of watchers) {
          if (node.matches(selector)) run(node);
          node.querySelectorAll(selector).forEach(run);
        }
      }
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Posts form fields. Whoever knows the credentials adds them: `cc:headers` bubbles from the element with the
  // headers in its detail (the antiforgery token of staff, the visitor's token in the widget).
  async function post(elt, url, fields, options) {
    const headers = {};
    elt.dispatchEvent(new CustomEvent('cc:headers', { bubbles: true, detail: { headers, url } }));
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields), ...options });
    emit(elt, 'cc:answer', { headers: answer.headers });
    return answer;
  }

  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');

  const emit = (elt, name, detail) => elt.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  // UUID v7 (RFC 9562), so that ids made here sort by time like those made on the server.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let at = 5; at >= 0; at--) { bytes[at] = time % 256; time = Math.floor(time / 256); }
    bytes[6] = bytes[6] & 15 | 112;
    bytes[8] = bytes[8] & 63 | 128;
    const hex = Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  // Storage may be full or forbidden (an iframe with storage blocked): the page then works without it.
  const store = area => ({
    get: key => { try { return window[area].getItem(key); } catch { return null; } },
    set: (key, value) => { try { value ? window[area].setItem(key, value) : window[area].removeItem(key); } catch { } },
  });

  // ---- what one person writes stays theirs: it is kept under who works here (<html data-user>) or under the chat (data-chat) ----
  const { user, chat, returns } = document.documentElement.dataset;
  const owner = user ? `cc-staff:${user}:` : `cc-chat:${chat}:`;
  const keys = area => { try { return Object.keys(window[area]); } catch { return []; } };
  const under = (prefix, area) => {
    const { get, set } = store(area);
    return {
      get: key => get(prefix + key),
      set: (key, value) => set(prefix + key, value),
      keys: () => keys(area).filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length)),
      key: key => prefix + key,
    };
  };
  const own = { local: under(owner, 'localStorage'), session: under(owner, 'sessionStorage') };
  // Likings, unlike words, outlast a sign-out: muting one agent's bell must not mute the next one's.
  const likings = under(`cc-likings:${user || ''}:`, 'localStorage');

  // Of the staff nobody finds here what another has written, nor anybody who has signed out what they had (the sign-in page says
  // data-user=""); nor what was kept before it bore a name. Whose session ended on the way (data-returns) has not signed out.
  if (returns) store('sessionStorage').set('cc-returns', '1');
  if (user !== undefined && !returns)
    for (const area of ['localStorage', 'sessionStorage'])
      for (const key of keys(area))
        if (/^cc-(draft:|outbox:\/conversations|told|muted)/.test(key) || key.startsWith('cc-staff:') && !(user && key.startsWith(owner)))
          store(area).set(key, null);
  // A visitor's messages on their way, from before they bore a name, go on.
  if (chat)
    for (const key of keys('sessionStorage'))
      if (key.startsWith(`cc-outbox:/chat/${chat}/`)) {
        own.session.set(key.slice(3), store('sessionStorage').get(key));
        store('sessionStorage').set(key, null);
      }

  // Of the tabs open here one does it: whoever asks first, and for a moment nobody else. Whoever has it before their eyes
  // does not wait and so comes first; a tab in the background gives them time.
  const HOLD = 1200, GRACE = 150;
  function oneTab(name, task, first) {
    setTimeout(() => {
      const elect = () => election(name, task);
      // Not over plain HTTP, and refused where a frame may store nothing.
      if (!navigator.locks) return elect();
      navigator.locks.request(`cc-${name}`, { ifAvailable: true }, lock => {
        if (!lock) return undefined;
        task();
        return new Promise(done => setTimeout(done, HOLD));
      }).catch(elect);
    }, first ? 0 : GRACE);
  }

  // Without locks each tab tells the others that it wants to; of two at once the one with the smaller number does.
  const claims = {};
  const tabs = (() => { try { return new BroadcastChannel('cc-tabs'); } catch { return null; } })();
  const claimed = name => Date.now() - claims[name]?.at < HOLD;
  tabs?.addEventListener('message', ({ data: { name, by } }) => {
    claims[name] = { by: claimed(name) ? Math.min(claims[name].by, by) : by, at: Date.now() };
  });
  function election(name, task) {
    if (!tabs) return task();
    if (claimed(name)) return;
    const by = Math.random();
    claims[name] = { by, at: Date.now() };
    tabs.postMessage({ name, by });
    setTimeout(() => { if (claims[name].by === by) task(); }, GRACE);
  }

  window.cc = { each, post, fill, emit, uuid, oneTab, own, likings, local: store('localStorage') };
})();
