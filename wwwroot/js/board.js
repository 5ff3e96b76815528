// What changes on the board by the clock alone, without a request:
// [data-band data-from="unix ms" data-yellow="s" data-red="s" data-name] gets data-level green|yellow|red and says so in its title;
// [data-idle="s" data-from="unix ms"] is shown once so much time has passed.
// And [data-peek popovertarget] shows its list while it is pointed at or has the focus; pressed, the list stays open.
(() => {
  const seconds = elt => (cc.now() - Number(elt.dataset.from)) / 1000;
  const set = (elt, name, value) => { if (elt.getAttribute(name) !== value) elt.setAttribute(name, value); };

  function band(elt) {
    const passed = seconds(elt);
    const level = passed >= Number(elt.dataset.red) ? 'red' : passed >= Number(elt.dataset.yellow) ? 'yellow' : 'green';
    const words = elt.closest('[data-board]')?.dataset ?? {};
    set(elt, 'data-level', level);
    if (elt.dataset.name) set(elt, 'title', `${elt.dataset.name} · ${words[level] ?? ''}`);
  }

  const idle = elt => { const early = seconds(elt) < Number(elt.dataset.idle); if (elt.hidden !== early) elt.hidden = early; };

  function tick() {
    document.querySelectorAll('[data-band]').forEach(band);
    document.querySelectorAll('[data-idle]').forEach(idle);
    setTimeout(tick, 1000 - cc.now() % 1000 + 5);
  }

  function peek(button) {
    const list = document.getElementById(button.getAttribute('popovertarget'));
    if (!list) return;
    let timer = 0, kept = false, pressed = true;
    const later = (run, after) => { clearTimeout(timer); timer = setTimeout(run, after); };
    const isOpen = () => list.isConnected && list.matches(':popover-open');
    // As if it were pressed: so the list knows beside what it stands.
    const show = () => { if (isOpen()) return; pressed = false; button.click(); pressed = true; };
    // Not while the pointer or the focus is on its way from one to the other.
    const leave = () => later(() => {
      if (isOpen() && !kept && ![button, list].some(elt => elt.matches(':hover, :focus-visible, :has(:focus-visible)'))) list.hidePopover();
    }, 200);
    button.addEventListener('pointerenter', event => { if (event.pointerType === 'mouse') later(show, 150); });
    button.addEventListener('focus', () => { if (button.matches(':focus-visible')) later(show, 0); });
    button.addEventListener('click', () => { clearTimeout(timer); kept ||= pressed; });
    list.addEventListener('toggle', event => { if (event.newState === 'closed') kept = false; });
    for (const elt of [button, list]) { elt.addEventListener('pointerleave', leave); elt.addEventListener('focusout', leave); }
  }

  cc.each('[data-peek]', peek);
  cc.each('[data-band]', band);
  cc.each('[data-idle]', idle);
  tick();
})();
