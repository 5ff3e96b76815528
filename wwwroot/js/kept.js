// Forms that keep what was typed. A field with data-kept="what:which" has it when it goes and comes again, until its form was
// taken; its form's [data-unsaved] says so.
(() => {
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
})();
