// The open conversation: its link among [data-conversation] is the current one, [data-pane data-title] gives the page its title
// and the writing field the focus. [data-returns data-text], about to go back to the queue, is heard once, and told where neither
// its row nor its pane says so.
(() => {
  const root = document.documentElement;
  const emptyTitle = document.title;

  function current() {
    const id = cc.openId();
    for (const link of document.querySelectorAll('[data-conversation]'))
      if (link.dataset.conversation === id) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
    root.classList.toggle('conversing', !!id);
  }
  cc.each('[data-conversation]', link => { if (link.dataset.conversation === cc.openId()) link.setAttribute('aria-current', 'true'); });
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

  const returning = new Set();
  cc.each('[data-returns]', elt => setTimeout(() => {
    const { returns, text } = elt.dataset;
    if (returning.has(returns)) return;
    returning.add(returns);
    document.dispatchEvent(new CustomEvent('cc:ring'));
    if (!document.querySelector(`:is(#inbox, #head) [data-returns="${returns}"]`)) cc.toast(text, true);
  }));
})();
