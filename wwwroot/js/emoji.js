// The emoji picker of a composer. [data-emoji="#id"] opens the box, whose grid is filled on first opening from the
// file named by data-src. Arrow keys move, Enter or a click puts the emoji in, Escape closes. The last used come first.
//
// <div id data-src="/js/emoji.json" hidden role="dialog"> <template> a group: [data-name], [data-grid] </template>
// data-groups: the groups' names in the language of the page, comma separated, the first for "recent".
(() => {
  const kept = 'emoji';

  async function fill(box) {
    if (box.dataset.filled) return;
    box.dataset.filled = 'yes';
    const names = (box.dataset.groups || '').split(',');
    const list = box.querySelector('[data-list]');
    let groups = [];
    try { groups = await (await fetch(box.dataset.src)).json(); } catch { delete box.dataset.filled; }
    const recent = cc.likings.get(kept);
    const all = recent ? [recent, ...groups] : groups;
    list.replaceChildren(...all.map((emoji, at) => group(box, names[recent ? at : at + 1] || '', emoji.split(' '))));
    list.querySelector('button')?.setAttribute('tabindex', '0');
  }

  function group(box, name, emoji) {
    const elt = box.querySelector('template').content.firstElementChild.cloneNode(true);
    elt.querySelector('[data-name]').textContent = name;
    const grid = elt.querySelector('[data-grid]');
    const model = grid.firstElementChild;
    grid.replaceChildren(...emoji.map(text => {
      const button = model.cloneNode(true);
      button.textContent = text;
      button.tabIndex = -1;
      return button;
    }));
    return elt;
  }

  async function open(button, box) {
    box.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    await fill(box);
    box.querySelector('button')?.focus();
  }

  function close(box, refocus) {
    if (box.hidden) return;
    box.hidden = true;
    const button = document.querySelector(`[data-emoji="#${box.id}"]`);
    button?.setAttribute('aria-expanded', 'false');
    if (refocus) button?.closest('form')?.elements.text.focus();
  }

  const boxes = () => document.querySelectorAll('[data-emoji-box]:not([hidden])');

  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-emoji]');
    if (button) {
      const box = document.querySelector(button.dataset.emoji);
      if (box.hidden) open(button, box); else close(box, true);
      return;
    }
    const choice = event.target.closest?.('[data-grid] > button');
    if (choice) {
      const text = choice.textContent, box = choice.closest('[data-emoji-box]');
      const recent = (cc.likings.get(kept) || '').split(' ').filter(each => each && each !== text);
      cc.likings.set(kept, [text, ...recent].slice(0, 16).join(' '));
      cc.emit(box, 'cc:insert', { text });
      // Shift keeps the box open for several.
      if (!event.shiftKey) close(box, true);
      return;
    }
    if (!event.target.closest?.('[data-emoji-box]')) boxes().forEach(box => close(box, false));
  });

  document.addEventListener('keydown', event => {
    const box = event.target.closest?.('[data-emoji-box]');
    if (event.key === 'Escape') { for (const each of boxes()) { close(each, true); event.preventDefault(); } return; }
    if (!box || !event.target.matches('[data-grid] > button')) return;
    const all = [...box.querySelectorAll('[data-grid] > button')];
    const here = all.indexOf(event.target), row = event.target.getBoundingClientRect();
    let next;
    if (event.key === 'ArrowRight') next = all[here + 1];
    else if (event.key === 'ArrowLeft') next = all[here - 1];
    else if (event.key === 'Home') next = all[0];
    else if (event.key === 'End') next = all.at(-1);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      // The grid wraps as it likes: go to the nearest one in the next line.
      const down = event.key === 'ArrowDown', rows = (down ? all.slice(here + 1) : all.slice(0, here).reverse());
      const line = rows.find(each => Math.abs(each.getBoundingClientRect().top - row.top) > 4)?.getBoundingClientRect().top;
      next = rows.filter(each => Math.abs(each.getBoundingClientRect().top - line) < 4)
        .sort((a, b) => Math.abs(a.getBoundingClientRect().left - row.left) - Math.abs(b.getBoundingClientRect().left - row.left))[0];
    } else return;
    event.preventDefault();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
})();
