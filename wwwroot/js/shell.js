// What holds the staff pages together: credentials on every request, failures told in words, the stream kept alive,
// dialogs, and which conversation is the open one. Texts come from <div data-texts data-lost data-wait …> in the layout.
(() => {
  const root = document.documentElement;
  const texts = () => document.querySelector('[data-texts]')?.dataset || {};
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content;
  const emptyTitle = document.title;

  // ---- credentials ----
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (ctx.request.method !== 'GET' && token()) ctx.request.headers.RequestVerificationToken = token();
  });
  document.addEventListener('cc:headers', ({ detail }) => { if (token()) detail.headers.RequestVerificationToken = token(); });

  // The page's token is of another session: the answer brings a fresh one, unless it is somebody else who is signed in by now.
  let stranger = false;
  function renew(headers) {
    const fresh = headers.get('RequestVerificationToken');
    if (!fresh) return false;
    stranger = headers.get('X-User') !== root.dataset.user;
    if (!stranger) {
      document.querySelector('meta[name="csrf-token"]').content = fresh;
      for (const field of document.querySelectorAll('input[name=__RequestVerificationToken]')) field.value = fresh;
    }
    return true;
  }
  document.addEventListener('cc:answer', ({ detail }) => renew(detail.headers));

  // ---- toasts ----
  // What failed and what is news look different.
  function toast(text, news) {
    const region = document.querySelector('[data-toasts]');
    if (!region || !text || [...region.children].some(each => each.querySelector('span')?.textContent === text)) return;
    const elt = region.querySelector('template').content.firstElementChild.cloneNode(true);
    elt.classList.toggle('news', !!news);
    elt.querySelector('span').textContent = text;
    elt.querySelector('button').addEventListener('click', () => elt.remove());
    region.append(elt);
    setTimeout(() => elt.remove(), 8000);
  }

  cc.each('[data-told]', elt => toast(elt.textContent));

  // ---- failures: an outage never replaces what is on the screen ----
  let ended = false; // by a supervisor or an administrator; the sign-in page says so.
  // Who signs out is on the way; their other tabs go too, and nobody else ended the session.
  let leaving = false;
  const left = () => Date.now() - Number(cc.local.get('cc-left')) < 10_000;
  document.addEventListener('submit', ({ target }) => {
    if (!target.matches('form[action="/sign-out"]')) return;
    leaving = true;
    // Stopped on its way, it has not been one.
    setTimeout(() => { leaving = false; }, 10_000);
    cc.local.set('cc-left', Date.now());
  });
  const signIn = () => location.assign(left() ? '/sign-in'
    : `/sign-in?${ended ? 'done=ended&' : ''}returnUrl=${encodeURIComponent(location.pathname + location.search)}`);

  document.addEventListener('htmx:before:response', event => {
    const { ctx } = event.detail;
    const { status, raw } = ctx.response;
    const signedOut = status === 401 || raw.redirected && new URL(raw.url).pathname === '/sign-in';
    if (status < 400 && !signedOut) return;
    const { wait, large, failed, gone, forbidden } = texts();
    if (signedOut) signIn();
    else if (status === 429) toast(cc.fill(wait, raw.headers.get('Retry-After') || '1'));
    else if (status === 413) toast(large);
    else if (status === 404) { toast(gone); if (ctx.sourceElement.matches?.('[data-follows]')) leave(); }
    else if (status === 403) toast(forbidden);
    else if (status === 400 && renew(raw.headers)) toast(stranger ? texts().other : texts().aged);
    else if (status >= 500 || status === 400) toast(failed);
    else return; // 409 and 422 are answers: the same fragment, saying why.
    event.preventDefault();
  });
  document.addEventListener('htmx:error', ({ detail }) => { if (!isStream(detail.ctx?.sourceElement)) toast(texts().failed); });
  document.addEventListener('cc:refused', ({ detail }) => {
    if (detail.status === 401) signIn();
    else if (detail.status === 400) toast(stranger ? texts().other : texts().aged);
  });

  const openId = () => location.pathname.match(/^\/conversations\/([^/]+)/)?.[1];

  // The conversation is no longer ours to see: back to the list. What was being written goes along; [data-left] shows it there
  // until its writer has no more use for it.
  function leave() {
    if (!openId()) return;
    const fields = [...document.querySelectorAll('#pane textarea, #dialogs textarea')].map(field => field.value.trim());
    keepLeft(openId(), document.querySelector('#title .clip')?.textContent, fields);
    location.assign('/inbox');
  }
  function keepLeft(id, contact, fields = [cc.own.local.get(`draft:${id}`)]) {
    const outbox = `outbox:/conversations/${id}/messages`;
    const words = [...JSON.parse(cc.own.session.get(outbox) || '[]').map(item => item.text), ...fields].filter(Boolean);
    cc.own.session.set(outbox, '');
    cc.own.local.set(`draft:${id}`, '');
    if (!words.length) return;
    const text = `${contact ? `${contact}: ` : ''}${words.join('\n\n')}`;
    cc.own.session.set('left', [cc.own.session.get('left'), text].filter(Boolean).join('\n\n'));
    document.querySelectorAll('[data-left]').forEach(showLeft);
  }
  function showLeft(place) {
    const field = place.querySelector('textarea');
    field.value = cc.own.session.get('left') || '';
    place.hidden = !field.value;
  }
  // A conversation that went back to the queue: its agent is told, wherever they are, and what they were writing there is
  // shown with it. Who looks for the first time is not told of what was before.
  const toldUntil = Number(cc.own.local.get('gone') || cc.now());
  if (!cc.own.local.get('gone')) cc.own.local.set('gone', String(toldUntil));
  const told = new Set();
  cc.each('[data-returned]', ({ id: key, dataset: { returned, at, contact }, children }) => {
    if (Number(at) <= toldUntil || told.has(key)) return;
    told.add(key);
    if (Number(at) > Number(cc.own.local.get('gone'))) cc.own.local.set('gone', at);
    toast(children[1].textContent, true);
    if (returned !== openId()) keepLeft(returned, contact);
  });
  cc.each('[data-left]', place => {
    const field = place.querySelector('textarea');
    showLeft(place);
    place.addEventListener('click', ({ target }) => {
      if (target.closest('[data-drop]')) {
        cc.own.session.set('left', '');
        place.hidden = true;
      } else if (target.closest('[data-take]')) {
        field.select();
        document.execCommand('copy');
      }
    });
  });

  // ---- a field with data-kept="what:which" has what was typed into it when it goes and comes again, until its form was taken ----
  const keptAs = field => `kept:${field.dataset.kept}`;
  cc.each('[data-kept]', field => {
    const kept = cc.own.session.get(keptAs(field));
    if (kept === null || field.value !== field.defaultValue) return;
    field.value = kept;
    const note = field.form.querySelector('[data-unsaved]');
    if (note && field.value !== field.defaultValue) note.hidden = false;
  });
  document.addEventListener('input', ({ target }) => { if (target.dataset?.kept) cc.own.session.set(keptAs(target), target.value); });
  const letGo = form => form?.querySelectorAll('[data-kept]').forEach(field => cc.own.session.set(keptAs(field), null));
  document.addEventListener('reset', ({ target }) => {
    letGo(target);
    target.querySelector('[data-unsaved]')?.setAttribute('hidden', '');
  });
  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    if (ctx.request.method !== 'GET' && ctx.response.status < 400) letGo(ctx.sourceElement.closest?.('form'));
  });

  // ---- a form that was posted when its session had ended: signed in again, its writer finds it as it was ----
  const secret = 'input:is([type=password], [autocomplete=one-time-code])';
  document.addEventListener('submit', event => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== 'post' || !form.querySelector('textarea, select, input:not([type=hidden], [type=password])')) return;
    const secrets = [...form.querySelectorAll(secret)].map(field => field.name);
    const fields = [...new FormData(form, submitter)].filter(([name, value]) =>
      typeof value === 'string' && name !== '__RequestVerificationToken' && !secrets.includes(name));
    cc.own.session.set('posted', JSON.stringify({ to: form.action, fields }));
  });
  const posted = JSON.parse(cc.own.session.get('posted') || 'null'), returns = sessionStorage.getItem('cc-returns');
  cc.own.session.set('posted', null);
  sessionStorage.removeItem('cc-returns');
  if (posted && returns && new URL(posted.to).pathname === location.pathname) {
    // Without a token nothing is done: the page is shown again, with what was typed.
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: posted.to, hidden: true });
    for (const [name, value] of posted.fields) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    document.body.append(form);
    form.submit();
  }

  // ---- the stream: hx-sse reconnects by itself once it was open; before that, and the banner, is ours ----
  const isStream = elt => elt?.id === 'stream';
  let lost = 0, tries = 0;

  function online(yes) {
    tell({ online: yes });
    const banner = document.querySelector('[data-disconnected]');
    if (!banner) return;
    if (!yes) { lost ||= setTimeout(() => { banner.hidden = false; }, 1500); return; }
    clearTimeout(lost);
    lost = tries = 0;
    banner.hidden = true;
  }
  // Pages that show no conversation share one stream, for a browser opens six connections to a server and no more: one of
  // them has it and tells the others what comes. That is the one looked at last, for nobody stops a page that is looked at.
  const news = 'BroadcastChannel' in window && navigator.locks ? new BroadcastChannel('cc-stream') : null;
  let tells = false;
  function tell(what) { if (tells) news.postMessage(what); }
  // Not before htmx knows the element, which it does by then.
  document.addEventListener('DOMContentLoaded', () => {
    const stream = () => document.getElementById('stream');
    const connect = () => htmx.trigger(stream(), 'cc:connect');
    if (!stream()?.matches('[data-shared]')) return;
    if (!news) { connect(); return; }
    news.onmessage = ({ data }) => {
      if (tells) return;
      if (data.name) htmx.trigger(document.body, data.name, { data: data.data });
      else if ('rests' in data) follows(data.rests);
      else {
        if (data.online) follows(false);
        online(data.online);
      }
    };
    let waiting = null, turn = 0;
    const take = steal => {
      const mine = ++turn;
      waiting?.abort();
      waiting = new AbortController();
      navigator.locks.request('cc-stream', steal ? { steal } : { signal: waiting.signal }, () => {
        // Asked for twice, the second one has it.
        if (mine !== turn) return undefined;
        tells = true;
        connect();
        return new Promise(() => { });
      }).catch(() => {
        if (!tells || mine !== turn) return;
        // Another page took it, and brings what comes.
        tells = false;
        rest(null);
        const old = stream(), fresh = old.cloneNode();
        old.replaceWith(fresh);
        old._htmx?.sse?.reader?.cancel();
        htmx.process(fresh);
        take(false);
      });
    };
    resume = () => take(true);
    take(!document.hidden);
    document.addEventListener('visibilitychange', () => { if (!document.hidden && !tells) take(true); });
    document.addEventListener('htmx:sse:after:message', ({ detail: { message } }) => { if (message.event !== 'displaced') tell({ name: message.event, data: message.data }); });
    // What a stream says when it begins: this page may have been rendered before the last of it.
    if (document.hidden) for (const name of ['inbox', 'figures', 'direct']) htmx.trigger(document.body, name);
  });
  document.addEventListener('htmx:sse:after:connection', () => {
    online(true);
    rest(connecting = null);
  });
  // One tab too many, and the oldest rests: it comes back when somebody asks it to, not by itself.
  let resting = null, resume = null;
  function follows(rests) {
    const banner = document.querySelector('.banner[data-displaced]');
    if (banner) banner.hidden = !rests;
  }
  function rest(stream) {
    if (!stream !== !resting) tell({ rests: !!stream });
    resting = stream;
    follows(stream);
  }
  document.addEventListener('displaced', ({ target }) => {
    target._htmx.sse.config.reconnect = false;
    rest(target);
  });
  // Whenever it is processed while it rests, hx-sse would connect it, and listens once more for being asked to.
  let connecting = null;
  document.addEventListener('htmx:config:request', event => {
    if (!isStream(event.target)) return;
    if (event.target === resting || event.target === connecting) event.preventDefault();
    else connecting = event.target;
  });
  document.addEventListener('click', ({ target }) => {
    if (!target.closest?.('[data-resume]')) return;
    // It is another page whose stream rests, and which brought what came: this one has it from now on.
    if (!resting && resume) {
      follows(false);
      resume();
      return;
    }
    const stream = resting;
    rest(null);
    if (stream?._htmx?.sse) stream._htmx.sse.config.reconnect = true;
    else if (stream) htmx.trigger(stream, 'cc:connect');
  });
  document.addEventListener('htmx:sse:error', ({ target, detail }) => {
    online(false);
    if (detail.status === 401) signIn();
    if (detail.status === 404 && isStream(target)) leave();
  });
  document.addEventListener('htmx:finally:request', ({ target, detail }) => {
    if (isStream(target)) connecting = null;
    if (!isStream(target) || detail.ctx?.response?.status < 400 || !target.isConnected) return;
    if (target._htmx?.sse || news && target.matches('[data-shared]') && !tells) return;
    online(false);
    setTimeout(() => { if (target.isConnected) htmx.trigger(target, 'cc:connect'); }, Math.min(1000 * 2 ** tries++, 5000));
  });
  // What a nudge fetches: where that failed, the next nudge may be long in coming.
  const again = {};
  document.addEventListener('htmx:finally:request', ({ target, detail: { ctx } }) => {
    const nudge = target.getAttribute?.('hx-trigger')?.match(/(\w+) from:body/)?.[1];
    const status = ctx?.response?.status || 0;
    if (!nudge || ctx?.request?.signal?.aborted || status && status < 500 && status !== 429) return;
    again[nudge] ||= setTimeout(() => {
      again[nudge] = 0;
      htmx.trigger(document.body, nudge);
    }, 2000);
  });
  document.addEventListener('ended', ({ detail }) => {
    if (detail?.data) cc.own.session.set('told', cc.fill(texts().taken, detail.data));
    leave();
  });
  // What was to be said when the page was left is said on the next one.
  toast(cc.own.session.get('told'), true);
  cc.own.session.set('told', null);
  document.addEventListener('signedout', () => { if (leaving) return; ended = !left(); signIn(); });
  // Who closes the last page has gone; the next page, or another one, tells within seconds that they have not.
  window.addEventListener('pagehide', () => {
    if (!leaving && document.getElementById('stream') && token())
      navigator.sendBeacon('/availability/departure', new URLSearchParams({ __RequestVerificationToken: token() }));
  });
  window.addEventListener('offline', () => online(false));
  // The old connection may have survived or be dead without anybody saying so: a new one tells.
  window.addEventListener('online', () => document.getElementById('stream')?._htmx?.sse?.reader?.cancel());

  // ---- dialogs: a fragment with <dialog data-open> opens itself ----
  cc.each('dialog[data-open]', dialog => {
    dialog.showModal();
    dialog.addEventListener('close', () => {
      dialog.remove();
      keepPlace();
    });
  });
  document.addEventListener('click', event => {
    const close = event.target.closest?.('[data-close]'), over = close?.closest('dialog');
    // A link is for pages that have no dialog.
    if (over?.matches('[data-open]')) event.preventDefault();
    if (close) over?.close();
    else if (event.target.matches?.('dialog[open]') && !event.target.querySelector('textarea')?.value) event.target.close();
    const menu = event.target.closest?.('[popover] a, [popover] button');
    if (menu && !menu.matches('[data-keep]')) menu.closest('[popover]').hidePopover?.();
  });
  // A dialog whose request was answered well has done its work.
  document.addEventListener('htmx:after:request', ({ target, detail }) => {
    if (detail.ctx.response.status < 400) target.closest?.('dialog[data-open]:not([data-stays])')?.close();
  });

  // ---- direct messages: a form that is sent again and again, each time with an id of its own ----
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || !event.target.matches('[data-enter]')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener('htmx:after:request', ({ target, detail }) => {
    const form = detail.ctx.sourceElement.closest?.('form[data-once]');
    if (!form || detail.ctx.response.status >= 400) return;
    form.reset();
    form.elements.id.value = cc.uuid();
    form.querySelector('[role=alert]').textContent = '';
  });
  // The end of the log is what one wants to see; [data-bottom] names it.
  const toEnd = log => { log.scrollTop = log.scrollHeight; };
  cc.each('[data-bottom]', log => {
    toEnd(log);
    new MutationObserver(() => toEnd(log)).observe(log, { attributeFilter: ['data-bottom'] });
  });
  let unread = null;
  cc.each('[data-direct]', link => {
    const now = +link.dataset.direct;
    if (unread !== null && now > unread && !document.getElementById('direct-log')) {
      toast(link.dataset.directText, true);
      document.dispatchEvent(new CustomEvent('cc:ring'));
    }
    unread = now;
  });

  // ---- a conversation that is about to go back to the queue: it is heard once, and where neither its row nor its pane says so, told ----
  const returning = new Set();
  cc.each('[data-returns]', elt => setTimeout(() => {
    const { returns, text } = elt.dataset;
    if (returning.has(returns)) return;
    returning.add(returns);
    document.dispatchEvent(new CustomEvent('cc:ring'));
    if (!document.querySelector(`:is(#inbox, #head) [data-returns="${returns}"]`)) toast(text, true);
  }));

  // What had the focus went with a change of the pane: go on from there, not from the start of the page.
  let focused = null, within = false;
  document.addEventListener('focusin', ({ target }) => { focused = target; within = !!target.closest('#pane, dialog'); });
  document.addEventListener('htmx:after:swap', keepPlace);
  function keepPlace() {
    if (!within || !focused || focused.isConnected || document.activeElement !== document.body) return;
    const next = document.querySelector('#pane [data-composer] textarea') || document.getElementById('title');
    if (!next) return;
    next.focus({ preventScroll: true });
  }

  // ---- the open conversation ----
  function current() {
    const id = openId();
    for (const link of document.querySelectorAll('[data-conversation]'))
      if (link.dataset.conversation === id) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
    root.classList.toggle('conversing', !!id);
  }
  cc.each('[data-conversation]', link => { if (link.dataset.conversation === openId()) link.setAttribute('aria-current', 'true'); });
  for (const name of ['htmx:after:history:push', 'htmx:after:history:replace', 'htmx:after:settle', 'htmx:after:swap'])
    document.addEventListener(name, current);
  window.addEventListener('popstate', () => setTimeout(current));
  current();

  // A new pane: its title, and the writing field at hand (not on a phone, where the keyboard would cover the messages).
  cc.each('[data-pane]', pane => {
    document.dispatchEvent(new CustomEvent('cc:title', { detail: pane.dataset.title || emptyTitle }));
    current();
    const field = pane.querySelector('[data-composer] textarea');
    if (field && matchMedia('(min-width: 721px)').matches && !document.querySelector('dialog[open]')) field.focus({ preventScroll: true });
  });

  document.addEventListener('click', event => {
    const toggle = event.target.closest?.('[data-toggle]');
    if (!toggle) return;
    const on = root.classList.toggle(toggle.dataset.toggle);
    for (const each of document.querySelectorAll(`[data-toggle="${toggle.dataset.toggle}"]`)) each.setAttribute('aria-pressed', on);
  });

  // ---- keyboard ----
  // With a modifier, which is no way to write; AltGraph is one, and Windows tells it as Ctrl and Alt.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.getModifierState('AltGraph')) return;
    // By the letter, or by its place where Alt makes another sign of it, as on a Mac.
    if (event.altKey && !event.shiftKey && (/^[a-z]$/i.test(event.key) ? /s/i.test(event.key) : event.code === 'KeyS')) {
      const find = within => document.querySelector(`${within} [data-stay]`);
      const stay = find('#head') || find('#inbox') || find('#bell');
      if (!stay) return;
      stay.click();
      event.preventDefault();
      return;
    }
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const links = [...document.querySelectorAll('[data-conversation][href]')];
      if (!links.length) return;
      const here = links.findIndex(link => link.matches('[aria-current]'));
      const step = event.key === 'ArrowDown' ? 1 : -1;
      links[here < 0 ? 0 : (here + step + links.length) % links.length].click();
      event.preventDefault();
    } else if (event.key === 'Escape' && root.classList.contains('panel-open') && !document.querySelector('dialog[open]')) {
      document.querySelector('[data-toggle="panel-open"]')?.click();
    }
  });

  window.ccToast = toast;
})();
