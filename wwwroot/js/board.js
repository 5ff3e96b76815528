// What changes on the board by the clock alone, without a request:
// [data-band data-from="unix ms" data-yellow="s" data-red="s" data-name] gets data-level green|yellow|red and says so in its title;
// [data-idle="s" data-from="unix ms"] is shown once so much time has passed.
(() => {
  const seconds = elt => (cc.now() - Number(elt.dataset.from)) / 1000;
  const set = (elt, name, value) => { if (elt.getAttribute(name) !== value) elt.setAttribute(name, value); };

  function band(elt) {
    const passed = seconds(elt);
    const level = passed >= Number(elt.dataset.red) ? 'red' : passed >= Number(elt.dataset.yellow) ? 'yellow' : 'green';
    const words = elt.closest('[data-board]')?.dataset ?? {};
    set(elt, 'data-level', level);
    set(elt, 'title', `${elt.dataset.name} · ${words[level] ?? ''}`);
  }

  const idle = elt => { const early = seconds(elt) < Number(elt.dataset.idle); if (elt.hidden !== early) elt.hidden = early; };

  function tick() {
    document.querySelectorAll('[data-band]').forEach(band);
    document.querySelectorAll('[data-idle]').forEach(idle);
    setTimeout(tick, 1000 - cc.now() % 1000 + 5);
  }

  cc.each('[data-band]', band);
  cc.each('[data-idle]', idle);
  tick();
})();
