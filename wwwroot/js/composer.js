// The composer: Enter sends, Shift+Enter breaks the line, Ctrl+B and Ctrl+I mark (format.js). What is written is kept as a draft
// until it is sent (outbox.js), and the other side is told that somebody types.
//
// <form data-composer data-url="/…/messages" data-draft="key" data-typing-url="/…/typing"> with <textarea name="text">
(() => {
  const typed = new WeakMap(); // When the other side was last told that somebody types here.

  cc.each('[data-composer]', form => {
    const text = form.elements.text;
    if (!text.value) text.value = cc.draft.of(form);
    cc.format.fit(text);
    cc.format.preview(form);
    cc.outbox.resume(form);

    form.addEventListener('submit', event => {
      event.preventDefault();
      event.stopPropagation();
      send(form);
    });
    text.addEventListener('input', () => {
      cc.format.fit(text);
      cc.format.preview(form);
      // At once: whatever takes this field away in the next moment shows it again.
      cc.draft.keep(form, text.value);
      if (form.dataset.typingUrl && text.value && Date.now() - (typed.get(form) || 0) > 4000) {
        typed.set(form, Date.now());
        cc.post(form, form.dataset.typingUrl, {}).catch(() => { });
      }
    });
    text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        send(form);
      } else if ((event.ctrlKey || event.metaKey) && !event.altKey && /^[bi]$/i.test(event.key)) {
        event.preventDefault();
        cc.format.wrap(text, /b/i.test(event.key) ? '*' : '_');
      }
    });
  });

  function send(form) {
    const field = form.elements.text;
    const text = field.value.trim();
    field.focus();
    if (!text) return;
    cc.outbox.send(form, text);
    // The message ends what was said about typing.
    typed.delete(form);
    field.value = '';
    cc.draft.keep(form, '');
    cc.format.fit(field);
    cc.format.preview(form);
  }

  // Another tab of the same person wrote on the same draft.
  window.addEventListener('storage', ({ key, newValue }) => {
    for (const form of document.querySelectorAll('[data-composer]')) {
      const text = form.elements.text;
      if (key !== cc.own.local.key(`draft:${form.dataset.draft}`) || document.activeElement === text && document.hasFocus()) continue;
      text.value = newValue || '';
      cc.format.fit(text);
      cc.format.preview(form);
    }
  });
})();
