/* The launcher of the chat, for pages of other sites: README, "Put the chat on a site". It stands beside the body, which some
 * sites replace (decision 13), sets no cookie and adds no global. */
(() => {
  // A module has no current script.
  let script = document.currentScript
    || [...document.querySelectorAll('script[src*="widget.js"][data-campaign], script[src*="widget.js?campaign"]')].pop();
  const given = new URL(script?.src || location).searchParams;
  const key = script?.dataset.campaign || given.get('campaign');
  if (!key) return;

  const tag = 'contact-center-chat';
  const lang = (script.dataset.lang || given.get('lang') || navigator.language || 'en').slice(0, 2).toLowerCase();
  const words = {
    en: ['Chat', 'Open the chat', 'Minimise the chat', 'unread'],
    es: ['Chat', 'Abrir el chat', 'Minimizar el chat', 'sin leer'],
    pt: ['Chat', 'Abrir o chat', 'Minimizar o chat', 'não lidas'],
  };
  const [title, openLabel, closeLabel, unreadLabel] = words[lang] || words.en;
  const address = new URL(`chat/${encodeURIComponent(key)}?lang=${lang}`, script.src);
  const opened = `cc-open:${key}`, running = `cc-chat:${key}`;

  // A page may forbid storage: the state is then forgotten at the next page, nothing worse.
  const recall = (area, name) => { try { return window[area].getItem(name); } catch { return null; } };
  const remember = (area, name, yes) => {
    try { yes ? window[area].setItem(name, '1') : window[area].removeItem(name); } catch { }
  };

  const css = `
:host { all: initial !important; display: block !important; position: fixed !important; inset: auto 20px 20px auto !important; z-index: 2147483000 !important; direction: ltr !important; color-scheme: light dark !important; --accent: light-dark(#3346d3, #98a3ff) !important; --ink: light-dark(#fff, #0e1116) !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button { position: relative; display: grid; place-items: center; width: 56px; height: 56px; margin: 0; padding: 0; border: 0; border-radius: 50%; background: var(--accent); color: var(--ink); cursor: pointer; box-shadow: 0 2px 6px rgb(0 0 0 / .16), 0 8px 24px rgb(0 0 0 / .2); transition: transform .15s; }
button:hover { transform: scale(1.05); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
svg + svg, [aria-expanded=true] > svg { display: none; }
[aria-expanded=true] > svg + svg { display: block; }
b { position: absolute; inset: -4px -4px auto auto; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: #b91c1c; color: #fff; font: 600 12px/22px system-ui, sans-serif; text-align: center; }
p { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
div { position: fixed; inset: auto 20px 88px auto; width: 376px; height: min(620px, 100dvh - 108px); border-radius: 16px; overflow: hidden; background: light-dark(#fff, #151a21); box-shadow: 0 0 0 1px light-dark(rgb(16 24 40 / .08), #28303b), 0 2px 6px rgb(0 0 0 / .08), 0 24px 56px rgb(0 0 0 / .24); animation: rise .2s; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark; }
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
@media (max-width: 480px) { div { inset: 0; width: auto; height: auto; border-radius: 0; } :host([open]) button { display: none; } }
@media (prefers-reduced-motion: reduce) { div { animation: none; } button { transition: none; } }
@media print { :host { display: none !important; } }`;

  const make = (name, attributes = {}, ...children) => {
    const elt = document.createElementNS(name === 'svg' || name === 'path' ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml', name);
    for (const each in attributes) elt.setAttribute(each, attributes[each]);
    elt.append(...children);
    return elt;
  };
  const icon = path => make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: path }));

  let host, panel, launcher, badge, status, frame, asked, ready, unread = 0, over, timer, pause = 0;
  let open = !!recall('sessionStorage', opened);

  function mount() {
    badge = make('b', { hidden: '', 'aria-hidden': 'true' });
    status = make('p', { role: 'status' });
    launcher = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-label': openLabel },
      icon('M21 11.5a8.4 8.4 0 0 1-9 8.4 9.6 9.6 0 0 1-3.4-.7L3 21l1.9-5A8.2 8.2 0 0 1 3 11.5 8.7 8.7 0 0 1 12 3a8.7 8.7 0 0 1 9 8.5z'),
      icon('m6 9 6 6 6-6'), badge);
    panel = make('div', { hidden: '' });
    host = make(tag);
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(panel, launcher, status);
    launcher.addEventListener('click', () => show(!open, true));
    host.addEventListener('keydown', event => { if (event.key === 'Escape' && open) show(false, true); });
    host.addEventListener('claim', answer);
    window.addEventListener('message', hear);
    document.documentElement.append(host);
    frame = ready = null;
    if (open) show(true);
    // Somebody here is in a conversation: news must reach the badge before the panel is opened.
    else if (recall('localStorage', running)) (window.requestIdleCallback || setTimeout)(load);
  }

  const tell = (cc, value) => { if (ready) frame.contentWindow.postMessage({ cc, value }, address.origin); };

  function label() {
    const news = unread && !open ? `${unread > 99 ? '99+' : unread}` : '';
    badge.textContent = news;
    badge.hidden = !news;
    status.textContent = news && `${title}: ${news} ${unreadLabel}`;
    launcher.setAttribute('aria-label', open ? closeLabel : news ? `${openLabel} (${news} ${unreadLabel})` : openLabel);
    launcher.setAttribute('aria-expanded', open);
  }

  function load() {
    if (frame) return;
    // The origin, not the page: the server checks who embeds it and need not know which page.
    frame = make('iframe', { title, src: address.href, referrerpolicy: 'origin', allow: 'clipboard-write' });
    frame.addEventListener('load', () => {
      ready = true;
      tell(open ? 'open' : 'closed', asked);
      if (asked) frame.focus();
    });
    panel.append(frame);
  }

  function show(yes, byHand) {
    open = yes;
    asked = yes && byHand;
    panel.hidden = !yes;
    host.toggleAttribute('open', yes);
    remember('sessionStorage', opened, yes);
    if (yes) load();
    label();
    tell(yes ? 'open' : 'closed', byHand);
    if (!byHand) return;
    if (!yes) launcher.focus(); else if (ready) frame.focus();
  }

  function hear({ source, origin, data }) {
    if (!frame || source !== frame.contentWindow || origin !== address.origin) return;
    const { cc, value } = data || {};
    if (cc === 'minimise') show(false, true);
    else if (cc === 'unread') { unread = Number(value) || 0; label(); }
    else if (cc === 'running') remember('localStorage', running, value);
  }

  // One for the page: a copy in a snapshot is dead and does not answer, a living one says whether it stays.
  function taken() {
    let stays;
    for (const other of document.querySelectorAll(tag)) {
      const claim = { script, href: address.href };
      other.dispatchEvent(new CustomEvent('claim', { detail: claim }));
      if (claim.stays) stays = true; else other.remove();
    }
    return stays;
  }

  function answer({ detail }) {
    // Of two campaigns the one whose script stands before the other's gives way.
    const same = detail.href === address.href;
    detail.stays = same || script.compareDocumentPosition(detail.script) === Node.DOCUMENT_POSITION_PRECEDING;
    if (same) script = detail.script; else if (!detail.stays) end();
  }

  function end() {
    over = true;
    watch.disconnect();
    window.removeEventListener('message', hear);
    host?.remove();
  }

  // Later each time: two who undo each other's work would stop the page.
  const watch = new MutationObserver(() => { if (!host?.isConnected) timer ||= setTimeout(stand, pause += 20); });
  watch.observe(document, { childList: true });

  function stand() {
    timer = 0;
    if (over || host?.isConnected) return;
    if (document.documentElement) watch.observe(document.documentElement, { childList: true });
    if (document.body) taken() ? end() : mount();
  }

  stand();
})();
