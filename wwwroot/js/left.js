// What was being written in a conversation that is no longer ours: it goes along to the list, where [data-left] shows it until
// [data-drop] drops it ([data-take] copies it). [data-returned data-at data-contact], in the bell, tells of one that went back to
// the queue, `ended` of one that somebody else has now. cc.leave() leaves the open conversation, which is cc.openId().
(() => {
  cc.openId = () => location.pathname.match(/^\/conversations\/([^/]+)/)?.[1];

  // The conversation is no longer ours to see: back to the list. What was being written goes along; [data-left] shows it there
  // until its writer has no more use for it.
  cc.leave = () => {
    if (!cc.openId()) return;
    const fields = [...document.querySelectorAll('#pane textarea, #dialogs textarea')].map(field => field.value.trim());
    keepLeft(cc.openId(), document.querySelector('#title .clip')?.textContent, fields);
    location.assign('/inbox');
  };
  function keepLeft(id, contact, fields = [cc.own.local.get(`draft:${id}`)]) {
    const outbox = `outbox:/conversations/${id}/messages`;
    const words = [...JSON.parse(cc.own.session.get(outbox) || '[]').map(item => item.text), ...fields].filter(Boolean);
    cc.own.session.set(outbox, '');
    cc.own.local.set(`draft:${id}`, '');
    if (!words.length) return;
    const text = `${contact ? `${contact}: ` : ''}${words.join('\n\n')}`;
    cc.own.session.set('left', [cc.own.session.get('left'), text].filter(Boolean).join('\n\n'));
    document.querySelectorAll('[data-left]').forEach(showLeft);
  }
  function showLeft(place) {
    const field = place.querySelector('textarea');
    field.value = cc.own.session.get('left') || '';
    place.hidden = !field.value;
  }
  // A conversation that went back to the queue: its agent is told, wherever they are, and what they were writing there is
  // shown with it. Who looks for the first time is not told of what was before.
  const toldUntil = Number(cc.own.local.get('gone') || cc.now());
  if (!cc.own.local.get('gone')) cc.own.local.set('gone', String(toldUntil));
  const told = new Set();
  cc.each('[data-returned]', ({ id: key, dataset: { returned, at, contact }, children }) => {
    if (Number(at) <= toldUntil || told.has(key)) return;
    told.add(key);
    if (Number(at) > Number(cc.own.local.get('gone'))) cc.own.local.set('gone', at);
    cc.toast(children[1].textContent, true);
    if (returned !== cc.openId()) keepLeft(returned, contact);
  });
  cc.each('[data-left]', place => {
    const field = place.querySelector('textarea');
    showLeft(place);
    place.addEventListener('click', ({ target }) => {
      if (target.closest('[data-drop]')) {
        cc.own.session.set('left', '');
        place.hidden = true;
      } else if (target.closest('[data-take]')) {
        field.select();
        document.execCommand('copy');
      }
    });
  });

  document.addEventListener('ended', ({ detail }) => {
    if (detail?.data) cc.own.session.set('told', cc.fill(document.querySelector('[data-texts]')?.dataset.taken || '', detail.data));
    cc.leave();
  });
})();
