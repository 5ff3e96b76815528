// The outbox: what is sent shows at once as pending and goes out in order, one at a time, each with an id made here: a repeat with
// the same id is stored once. Nothing written is lost by a network break, a server restart or a reload: the queue stays in
// sessionStorage, the draft in localStorage, both under their writer's name (cc.own). What can no longer be sent, because the
// conversation is over or somebody else's, [data-unsent] shows.
//
// <form data-composer data-url="/…/messages" data-log="#log" data-draft="key"
//       data-error data-offline data-gone data-long>  texts for what can go wrong
//   <template data-pending> with [data-body], [data-reason], [data-retry], [data-edit]
// [data-log] carries data-seen (log.js); it goes along so that the server can say "you are not current" (409).
(() => {
  const queues = new Map();
  const giveUpAfter = 90000;
  // Who posts for a queue: the composer, or what shows that there is none any more.
  const formOf = queue => document.querySelector(`:is([data-composer], [data-unsent])[data-url="${CSS.escape(queue.url)}"]`);
  const logOf = form => document.querySelector(form.dataset.log);

  cc.draft = {
    of: ({ dataset }) => cc.own.local.get(`draft:${dataset.draft}`) || '',
    keep: ({ dataset }, text) => cc.own.local.set(`draft:${dataset.draft}`, text),
  };
  cc.outbox = {
    // A composer came: what is on its way in its conversation is shown there and goes on.
    resume(form) {
      const queue = queueOf(form.dataset.url);
      queue.items.forEach(item => show(form, item));
      run(queue);
    },
    send(form, text) {
      const queue = queueOf(form.dataset.url);
      const item = { id: cc.uuid(), text, seen: seen(form) };
      queue.items.push(item);
      save(queue);
      show(form, item);
      run(queue);
    },
  };

  function seen(form) {
    const log = logOf(form);
    if (log) cc.emit(log, 'cc:look');
    return log?.dataset.seen || 0;
  }

  function queueOf(url) {
    let queue = queues.get(url);
    if (!queue) {
      const kept = cc.own.session.get(`outbox:${url}`);
      queue = { url, items: kept ? JSON.parse(kept) : [], busy: false, tries: 0, since: 0, timer: 0 };
      queues.set(url, queue);
    }
    return queue;
  }

  const save = queue => cc.own.session.set(`outbox:${queue.url}`, queue.items.length ? JSON.stringify(queue.items) : '');

  async function run(queue) {
    const item = queue.items.find(each => !each.failed);
    if (!item || queue.busy || queue.timer) return;
    const form = formOf(queue);
    if (!form) return; // The pane shows another conversation; its composer resumes the queue.
    queue.busy = true;
    queue.since ||= Date.now();
    let answer = null, body = '';
    try {
      answer = await cc.post(form, queue.url, { id: item.id, text: item.text, seen: item.seen }, { signal: AbortSignal.timeout(20000) });
      body = await answer.text();
    } catch { answer = null; }
    queue.busy = false;

    if (answer?.ok) {
      done(queue, item);
      insert(form, body);
    } else if (!answer || answer.status >= 500 || answer.status === 429) {
      const asked = Number(answer?.headers.get('Retry-After')) * 1000;
      if (!asked && Date.now() - queue.since > giveUpAfter) {
        queue.items.forEach(each => fail(form, each, form.dataset.offline));
      } else {
        later(queue, asked || Math.min(1000 * 2 ** queue.tries++, 8000));
        return;
      }
    } else {
      refuse(form, item, answer.status, body);
    }
    queue.tries = 0;
    queue.since = 0;
    again(queue);
    run(queue);
  }

  function later(queue, wait) {
    queue.timer = setTimeout(() => { queue.timer = 0; run(queue); }, wait);
  }

  function done(queue, item) {
    queue.items = queue.items.filter(each => each.id !== item.id);
    save(queue);
  }

  // The answer is the stored message; the stream may have brought it already, the upsert keeps one.
  function insert(form, html) {
    const list = logOf(form)?.querySelector('[data-messages]');
    if (list && html) htmx.swap({ sourceElement: list, target: list, swap: 'upsert key:data-seq', text: html });
  }

  function refuse(form, item, status, html) {
    const { error, gone, long } = form.dataset;
    // 409: what the contact wrote meanwhile is now in the log; look at it, then send again.
    if (status === 409) logOf(form)?.parentElement.querySelector('[data-to-end]')?.click();
    fail(form, item, status === 404 ? gone : status === 413 ? long : error, status === 409 || status === 422 ? html : '');
    cc.emit(form, 'cc:refused', { status });
  }

  function fail(form, item, reason, html) {
    item.failed = true;
    save(queueOf(form.dataset.url));
    const elt = element(form, item);
    if (!elt) return;
    elt.dataset.status = 'failed';
    const place = elt.querySelector('[data-reason]');
    if (html) htmx.swap({ sourceElement: place, target: place, swap: 'innerHTML', text: html });
    else place.textContent = reason || '';
    elt.querySelectorAll('[data-retry], [data-edit]').forEach(button => button.hidden = false);
  }

  const element = (form, item) => logOf(form)?.querySelector(`[data-outbox] [data-client="${CSS.escape(item.id)}"]`);

  function show(form, item) {
    const outbox = logOf(form)?.querySelector('[data-outbox]');
    if (!outbox || element(form, item)) return;
    const elt = form.querySelector('template[data-pending]').content.firstElementChild.cloneNode(true);
    elt.dataset.client = item.id;
    elt.querySelector('[data-body]').replaceChildren(cc.markup.nodes(item.text));
    const time = elt.querySelector('time');
    if (time) time.dateTime = new Date().toISOString();
    outbox.append(elt);
    if (item.failed) fail(form, item, form.dataset.offline);
  }

  document.addEventListener('cc:stored', ({ detail }) => {
    for (const queue of queues.values()) if (queue.items.some(item => item.id === detail.client)) {
      done(queue, { id: detail.client });
      again(queue);
    }
  });

  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-retry], [data-edit]');
    const elt = button?.closest('[data-client]');
    const form = elt && [...document.querySelectorAll('[data-composer]')].find(each => logOf(each)?.contains(elt));
    if (!form) return;
    const queue = queueOf(form.dataset.url);
    const item = queue.items.find(each => each.id === elt.dataset.client);
    if (!item) return;
    if (button.matches('[data-edit]')) {
      done(queue, item);
      elt.remove();
      const field = form.elements.text;
      field.value = field.value ? `${item.text}\n${field.value}` : item.text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.focus();
      return;
    }
    // After a break everything that failed with it goes again, in order.
    for (const each of queue.items.slice(queue.items.indexOf(item))) {
      if (!each.failed) continue;
      each.failed = false;
      each.seen = seen(form);
      const shown = element(form, each);
      shown.dataset.status = 'pending';
      shown.querySelector('[data-reason]').textContent = '';
      shown.querySelectorAll('[data-retry], [data-edit]').forEach(other => other.hidden = true);
    }
    save(queue);
    form.elements.text.focus();
    run(queue);
  });

  // ---- what can no longer be sent ----
  // [data-unsent data-url data-draft data-log] stands where the composer stood and shows it in its textarea. Each message still on
  // its way is asked about once more: it may have been stored. Who takes it over is the form in or around it; [data-drop] drops it.
  cc.each('[data-unsent]', place => {
    unsent(place);
    run(queueOf(place.dataset.url));
  });

  function unsent(place) {
    const field = place.querySelector('textarea');
    logOf(place)?.querySelector('[data-outbox]').replaceChildren();
    const texts = [...queueOf(place.dataset.url).items.map(item => item.text), cc.draft.of(place)].filter(Boolean);
    // What a plain form brought is in it already.
    field.value = texts.join('\n') || field.defaultValue;
    place.hidden = !field.value;
  }

  // What was still on its way when the composer went may have arrived.
  function again(queue) {
    const form = formOf(queue);
    if (form?.matches('[data-unsent]')) unsent(form);
  }

  function drop(place) {
    const queue = queueOf(place.dataset.url);
    queue.items = [];
    save(queue);
    cc.draft.keep(place, '');
    place.querySelector('textarea').defaultValue = '';
    unsent(place);
  }

  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const form = ctx.sourceElement.closest?.('form');
    const place = form?.querySelector('[data-unsent]') || form?.closest('[data-unsent]');
    if (place && ctx.response.status < 400) drop(place);
  });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('[data-unsent] [data-drop]');
    if (button) drop(button.closest('[data-unsent]'));
  });

  // The way is open again: do not wait for the rest of the pause.
  const resume = () => queues.forEach(queue => { clearTimeout(queue.timer); queue.timer = 0; run(queue); });
  window.addEventListener('online', resume);
  document.addEventListener('htmx:sse:after:connection', resume);
})();
