// Small behaviours of the administration's forms: rows that come and go, messages as they will read, copying.
(() => {
  // Text as searches compare it, in the steps of Domain/Folding.cs.
  const letters = { ı: 'i', ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', ð: 'd', ŋ: 'n', ς: 'σ', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };
  const ignored = /[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\u00AD\u200B-\u200F\u2060\uFEFF]/g;
  const fold = text => text.normalize('NFKD').toLowerCase().replace(ignored, '').replace(/[ıøłđħŧðŋςßæœþ]/g, letter => letters[letter]);
  cc.fold = fold;

  // ---- rows: <div data-list="hours"> with a <template>; [data-add="hours"] adds one, [data-remove] in a [data-row] takes it away ----
  cc.each('[data-rows]', form => form.addEventListener('click', event => {
    const add = event.target.closest('[data-add]'), remove = event.target.closest('[data-remove]');
    if (add) {
      const list = form.querySelector(`[data-list="${add.dataset.add}"]`);
      const row = list.querySelector('template').content.firstElementChild.cloneNode(true);
      // Any name does that no other row has; the server numbers them again.
      const name = `n${Date.now().toString(36)}`;
      for (const each of [row, ...row.querySelectorAll('*')])
        for (const attribute of each.attributes) attribute.value = attribute.value.replace('{row}', name);
      list.append(row);
      row.querySelector('input:not([type=hidden])').focus();
      event.preventDefault();
    } else if (remove) {
      const row = remove.closest('[data-row]');
      const next = row.nextElementSibling?.matches('[data-row]') ? row.nextElementSibling.querySelector('[data-remove]')
        : form.querySelector(`[data-add="${row.parentElement.dataset.list}"]`);
      row.remove();
      next?.focus();
      event.preventDefault();
    }
  }));

  // ---- the tabs on a phone: the one that is open is seen ----
  cc.each('.administration > .tabs [aria-current]', tab => { tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2; });

  // ---- messages: what the variables will say ----
  cc.each('[data-previews]', fields => {
    const form = fields.form || fields.closest('form');
    const show = () => {
      const words = {
        agent: form.elements[fields.dataset.agent]?.value || 'Lili', contact: 'Marta', ticket: '#1001', campaign: form.elements.name.value,
        department: form.elements.department.selectedOptions[0]?.text || '',
      };
      for (const preview of fields.querySelectorAll('[data-preview]'))
        preview.replaceChildren(cc.markup.nodes(document.getElementById(preview.dataset.preview).value.trim()
          .replace(/\{(agent|contact|ticket|campaign|department)\}/g, (_, name) => words[name])));
    };
    form.addEventListener('input', show);
    show();
  });

  // ---- a choice and what it means ----
  cc.each('[data-explained]', box => {
    const select = box.querySelector('select'), help = document.createElement('p');
    help.className = 'chosen-help';
    select.closest('.field').append(help);
    const show = () => {
      for (const each of box.querySelectorAll('[data-for]')) {
        const chosen = each.dataset.for === select.value;
        each.classList.toggle('chosen', chosen);
        if (chosen) help.textContent = each.querySelector('dd').textContent;
      }
    };
    select.addEventListener('change', show);
    show();
  });

  // ---- a key suggested by the name, until somebody writes one ----
  cc.each('[data-suggest]', each => {
    const key = document.getElementById(each.dataset.suggest), name = document.getElementById(each.dataset.from);
    let suggested = key.value === '' ? '' : null;
    name.addEventListener('input', () => {
      if (key.value !== suggested) return;
      suggested = fold(name.value).replace(/[^a-z0-9]+/g, '-').slice(0, 64).replace(/^-+|-+$/g, '');
      key.value = suggested;
    });
  });

  // ---- what is wrong: the first field that is marked ----
  cc.each('.form > [role=alert], .administration [data-problems]', alert => {
    alert.closest('main').querySelector('[aria-invalid=true]')?.focus();
  });

  // ---- copy ----
  cc.each('[data-copy]', button => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    const label = button.querySelector('span'), text = label.textContent;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = text; }, 2000);
    });
  });

  // ---- all of a column at once: those its filter shows ----
  cc.each('[data-all]', button => {
    button.hidden = false;
    button.addEventListener('click', () => {
      const boxes = [...button.closest('fieldset').querySelectorAll('input[type=checkbox]')].filter(box => !box.closest('[hidden]'));
      const on = boxes.some(box => !box.checked);
      for (const box of boxes) box.checked = on;
      boxes[0]?.dispatchEvent(new Event('change', { bubbles: true }));
    });
  });

  // ---- a long list by its names ----
  cc.each('[data-filter]', input => {
    const list = document.getElementById(input.dataset.filter);
    if (list.children.length > 8) input.parentElement.hidden = false;
    input.addEventListener('input', () => {
      const wanted = fold(input.value.trim());
      for (const each of list.children) each.hidden = !fold(each.textContent).includes(wanted);
    });
    // Enter looks for nothing else and must not save.
    input.addEventListener('keydown', event => { if (event.key === 'Enter') event.preventDefault(); });
  });

  // ---- campaigns chosen at the left, their members at the right; without any chosen all ----
  cc.each('[data-shows]', choices => {
    const rows = document.getElementById(choices.dataset.shows);
    // What was typed is saved with the rest: it stays in sight.
    const typed = row => [...row.querySelectorAll('.input')].some(input => input.value !== input.defaultValue || input.matches('[aria-invalid]'));
    const show = () => {
      const chosen = new Set([...choices.querySelectorAll(':checked')].map(box => box.value));
      for (const row of rows?.children ?? []) row.hidden = chosen.size > 0 && !chosen.has(row.dataset.of) && !typed(row);
    };
    choices.addEventListener('change', show);
    show();
  });
  cc.each('[data-unscripted]', each => { each.hidden = true; });
})();
