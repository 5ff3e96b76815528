// Dialogs: a fragment with <dialog data-open> opens itself, [data-close] closes it, and so does a request that was answered well,
// unless the dialog [data-stays]. A popover closes when something in it is chosen that does not say [data-keep]. What had the
// focus in #pane or a dialog and went with a change hands it on.
(() => {
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
})();
