// Toasts: what failed and what is news, in [data-toasts] by its <template>, for eight seconds. An element with [data-told] is
// told as soon as it comes. cc.toast(text, news) tells anything else; what cc.own.session keeps as `told` is for the next page.
(() => {
  // What failed and what is news look different.
  cc.toast = (text, news) => {
    const region = document.querySelector('[data-toasts]');
    if (!region || !text || [...region.children].some(each => each.querySelector('span')?.textContent === text)) return;
    const elt = region.querySelector('template').content.firstElementChild.cloneNode(true);
    elt.classList.toggle('news', !!news);
    elt.querySelector('span').textContent = text;
    elt.querySelector('button').addEventListener('click', () => elt.remove());
    region.append(elt);
    setTimeout(() => elt.remove(), 8000);
  };

  // What was to be said when the page was left is said on the next one.
  cc.toast(cc.own.session.get('told'), true);
  cc.own.session.set('told', null);
  cc.each('[data-told]', elt => cc.toast(elt.textContent));
})();
