/* The launcher of the chat, for pages of other sites:
 *   <script src="https://host/widget.js" data-campaign="KEY" async></script>
 *   <noscript><a href="https://host/chat/KEY">Chat with us</a></noscript>
 * data-lang="es|en|pt" overrides the browser's language. It needs script-src and frame-src for the host in the
 * page's policy and nothing else; it sets no cookie, adds no global and keeps its styles to itself. */
(() => {
  const script = document.currentScript || document.querySelector('script[data-campaign][src*="widget.js"]');
  const key = script?.dataset.campaign;
  if (!key) return;

  const tag = 'contact-center-chat';
  const lang = (script.dataset.lang || navigator.language || 'en').slice(0, 2).toLowerCase();
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
:host { all: initial; position: fixed; inset: auto 20px 20px auto; z-index: 2147483000; color-scheme: light dark; --accent: light-dark(#3346d3, #98a3ff); --ink: light-dark(#fff, #0e1116); }
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
@media print { :host { display: none; } }`;

  const make = (name, attributes = {}, ...children) => {
    const elt = document.createElementNS(name === 'svg' || name === 'path' ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml', name);
    for (const each in attributes) elt.setAttribute(each, attributes[each]);
    elt.append(...children);
    return elt;
  };
  const icon = path => make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: path }));

  function mount() {
    if (document.querySelector(tag)) return;
    const badge = make('b', { hidden: '', 'aria-hidden': 'true' });
    const status = make('p', { role: 'status' });
    const launcher = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-label': openLabel },
      icon('M21 11.5a8.4 8.4 0 0 1-9 8.4 9.6 9.6 0 0 1-3.4-.7L3 21l1.9-5A8.2 8.2 0 0 1 3 11.5 8.7 8.7 0 0 1 12 3a8.7 8.7 0 0 1 9 8.5z'),
      icon('m6 9 6 6 6-6'), badge);
    const panel = make('div', { hidden: '' });
    const host = make(tag);
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(panel, launcher, status);
    document.body.append(host);

    let frame, open = false, asked = false, ready = false, unread = 0;

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

    launcher.addEventListener('click', () => show(!open, true));
    host.addEventListener('keydown', event => { if (event.key === 'Escape' && open) show(false, true); });
    window.addEventListener('message', event => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== address.origin) return;
      const { cc, value } = event.data || {};
      if (cc === 'minimise') show(false, true);
      else if (cc === 'unread') { unread = Number(value) || 0; label(); }
      else if (cc === 'running') remember('localStorage', running, value);
    });

    if (recall('sessionStorage', opened)) show(true);
    // Somebody here is in a conversation: news must reach the badge before the panel is opened.
    else if (recall('localStorage', running)) (window.requestIdleCallback || setTimeout)(load);
  }

  if (document.body) mount(); else document.addEventListener('DOMContentLoaded', mount);
})();
