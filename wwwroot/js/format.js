// Formatting in a writing field: [data-preview] of its form is shown while marks (markup.js) are in use, [data-wrap="*"] puts them
// around what is selected, `cc:insert` puts text in; a field grows with its text.
(() => {
  function preview(form) {
    const place = form.querySelector('[data-preview]');
    if (!place) return;
    const text = form.elements.text.value;
    place.hidden = cc.markup.read(text).length === 0;
    place.replaceChildren(place.hidden ? '' : cc.markup.nodes(text));
  }

  function wrap(field, mark) {
    const { selectionStart: from, selectionEnd: to, value } = field;
    const picked = value.slice(from, to);
    const word = picked.trim();
    const start = from + picked.indexOf(word);
    const inside = value[start - 1] === mark && value[start + word.length] === mark;
    if (inside) replace(field, start - 1, start + word.length + 1, word);
    else replace(field, start, start + word.length, mark + word + mark);
    const at = inside ? start - 1 : start + 1;
    field.setSelectionRange(at, at + word.length);
  }

  // Through the editor where it can, so that undo works.
  function replace(field, from, to, text) {
    field.focus();
    field.setSelectionRange(from, to);
    if (!document.execCommand?.('insertText', false, text)) {
      field.setRangeText(text, from, to, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-wrap]');
    const field = button?.closest('form')?.elements.text;
    if (field) wrap(field, button.dataset.wrap);
  });

  // emoji.js and later the canned responses put text in by this event on the form.
  document.addEventListener('cc:insert', event => {
    const field = event.target.closest?.('form')?.elements.text;
    if (field) replace(field, field.selectionStart, field.selectionEnd, event.detail.text);
  });

  const grows = !CSS.supports('field-sizing', 'content');
  function fit(field) {
    if (!grows) return;
    // By rows, not by an inline style: the content security policy would not let a swap carry that over.
    field.rows = 1;
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
    const text = field.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    field.rows = Math.max(1, Math.min(8, Math.round(text / parseFloat(lineHeight))));
  }

  cc.format = { preview, wrap, fit };
})();
