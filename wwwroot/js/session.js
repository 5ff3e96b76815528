// The session: its credentials on every request (<meta name="csrf-token">, <html data-user>), what failed told in the words of
// <div data-texts data-failed data-wait …>, the way to the sign-in page, and that the last page was closed. A request of
// [data-follows] that finds nothing any more leaves the conversation (left.js). cc.signIn() leads to the sign-in page.
(() => {
  const root = document.documentElement;
  const texts = () => document.querySelector('[data-texts]')?.dataset || {};
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content;

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
  cc.signIn = () => location.assign(left() ? '/sign-in'
    : `/sign-in?${ended ? 'done=ended&' : ''}returnUrl=${encodeURIComponent(location.pathname + location.search)}`);

  document.addEventListener('htmx:before:response', event => {
    const { ctx } = event.detail;
    const { status, raw } = ctx.response;
    const signedOut = status === 401 || raw.redirected && new URL(raw.url).pathname === '/sign-in';
    if (status < 400 && !signedOut) return;
    const { wait, large, failed, gone, forbidden } = texts();
    if (signedOut) cc.signIn();
    else if (status === 429) cc.toast(cc.fill(wait, raw.headers.get('Retry-After') || '1'));
    else if (status === 413) cc.toast(large);
    else if (status === 404) { cc.toast(gone); if (ctx.sourceElement.matches?.('[data-follows]')) cc.leave(); }
    else if (status === 403) cc.toast(forbidden);
    else if (status === 400 && renew(raw.headers)) cc.toast(stranger ? texts().other : texts().aged);
    else if (status >= 500 || status === 400) cc.toast(failed);
    else return; // 409 and 422 are answers: the same fragment, saying why.
    event.preventDefault();
  });
  document.addEventListener('htmx:error', ({ detail }) => { if (detail.ctx?.sourceElement?.id !== 'stream') cc.toast(texts().failed); });
  document.addEventListener('cc:refused', ({ detail }) => {
    if (detail.status === 401) cc.signIn();
    else if (detail.status === 400) cc.toast(stranger ? texts().other : texts().aged);
  });

  document.addEventListener('signedout', () => { if (leaving) return; ended = !left(); cc.signIn(); });
  // Who closes the last page has gone; the next page, or another one, tells within seconds that they have not.
  window.addEventListener('pagehide', () => {
    if (!leaving && document.getElementById('stream') && token())
      navigator.sendBeacon('/availability/departure', new URLSearchParams({ __RequestVerificationToken: token() }));
  });
})();
