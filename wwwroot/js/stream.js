// The stream, #stream: hx-sse reconnects by itself once it was open; before that, and what is shown meanwhile, is ours.
// [data-disconnected] and [data-displaced] are banners, [data-resume] asks for the stream again. With [data-shared] the pages of
// one browser share one. What a nudge (hx-trigger="… from:body") could not fetch is fetched again.
(() => {
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
    if (detail.status === 401) cc.signIn();
    if (detail.status === 404 && isStream(target)) cc.leave();
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

  window.addEventListener('offline', () => online(false));
  // The old connection may have survived or be dead without anybody saying so: a new one tells.
  window.addEventListener('online', () => document.getElementById('stream')?._htmx?.sse?.reader?.cancel());
})();
