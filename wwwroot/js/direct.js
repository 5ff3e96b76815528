// Direct messages: a form[data-once] is sent again and again, each time with an id of its own; Enter in [data-enter] sends it. A
// log with [data-bottom] stays at its end. [data-direct], how many are unread, rings and tells [data-direct-text] when it grows.
(() => {
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
      cc.toast(link.dataset.directText, true);
      document.dispatchEvent(new CustomEvent('cc:ring'));
    }
    unread = now;
  });
})();
