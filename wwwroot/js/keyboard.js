// Keys and toggles: [data-toggle="class"] switches a class of the page, Escape closes the panel, Alt+Up and Alt+Down go through
// [data-conversation], and Alt+S presses the nearest [data-stay].
(() => {
  const root = document.documentElement;

  document.addEventListener('click', event => {
    const toggle = event.target.closest?.('[data-toggle]');
    if (!toggle) return;
    const on = root.classList.toggle(toggle.dataset.toggle);
    for (const each of document.querySelectorAll(`[data-toggle="${toggle.dataset.toggle}"]`)) each.setAttribute('aria-pressed', on);
  });

  // With a modifier, which is no way to write; AltGraph is one, and Windows tells it as Ctrl and Alt.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.getModifierState('AltGraph')) return;
    // By the letter, or by its place where Alt makes another sign of it, as on a Mac.
    if (event.altKey && !event.shiftKey && (/^[a-z]$/i.test(event.key) ? /s/i.test(event.key) : event.code === 'KeyS')) {
      const find = within => document.querySelector(`${within} [data-stay]`);
      const stay = find('#head') || find('#inbox') || find('#bell');
      if (!stay) return;
      stay.click();
      event.preventDefault();
      return;
    }
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const links = [...document.querySelectorAll('[data-conversation][href]')];
      if (!links.length) return;
      const here = links.findIndex(link => link.matches('[aria-current]'));
      const step = event.key === 'ArrowDown' ? 1 : -1;
      links[here < 0 ? 0 : (here + step + links.length) % links.length].click();
      event.preventDefault();
    } else if (event.key === 'Escape' && root.classList.contains('panel-open') && !document.querySelector('dialog[open]')) {
      document.querySelector('[data-toggle="panel-open"]')?.click();
    }
  });
})();
