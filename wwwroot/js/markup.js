// The marks and links of a message, for the preview and for what is on its way: the steps of Domain/Markup.cs, which
// writes what is stored. A test gives both the same texts. Each character is looked at a fixed number of times.
(() => {
  const marks = '*_~', tags = { '*': 'b', '_': 'i', '~': 's' };
  const longestHost = 253;
  const trailing = ".,;:!?'*_~…([{&";
  const foreign = '<>"`|\\^“”„‟‘’‚‛«»‹›。，、！？；：（）【】「」『』《》〈〉';
  const beforeMarks = '*_~([{"\'“‘«‹„¿¡—–', behindMarks = '*_~)]}"\'”’»›.,;:!?…—–';
  const space = /[\p{Z}\t-\r\x85]/u, word = /[\p{L}\p{M}\p{N}]/u, letter = /\p{L}/u, unseen = /[\p{Cf}\p{Cc}]/u;

  const pointAt = (text, at) => String.fromCodePoint(text.codePointAt(at));
  const isHigh = c => c >= '\uD800' && c <= '\uDBFF', isLow = c => c >= '\uDC00' && c <= '\uDFFF';
  const isWord = (text, at) => word.test(pointAt(text, at));
  const width = (text, at) => isHigh(text[at]) && isLow(text[at + 1]) ? 2 : 1;
  const isAsciiWord = c => c !== undefined && /[A-Za-z0-9]/.test(c);
  const starts = (text, at, what) => text.slice(at, at + what.length).toLowerCase() === what;
  const endsAddress = (text, at) => space.test(text[at]) || foreign.includes(text[at]) || unseen.test(pointAt(text, at));

  // Tokens in their order: { kind: 'mark' | 'address' | 'host' | 'mail', start, end, opens }.
  function read(text) {
    const tokens = [], links = findLinks(text);
    const opened = [-1, -1, -1], substanceBefore = [0, 0, 0];
    let substance = 0, next = 0;
    for (let at = 0; at < text.length; at++) {
      if (next < links.length && links[next].start === at) {
        tokens.push(links[next]);
        at = links[next++].end - 1;
        substance++;
        continue;
      }
      const mark = marks.indexOf(text[at]);
      if (text[at] === '\n') opened.fill(-1);
      else if (mark >= 0) readMark(mark, at);
      else if (isSubstance(text, at)) substance++;
    }
    return tokens.filter(token => token.end > token.start);

    function readMark(mark, at) {
      const before = at === 0 ? ' ' : text[at - 1], after = at + 1 === text.length ? ' ' : text[at + 1];
      if (before === text[at] || after === text[at] || before === after && marks.includes(before)) return;
      if (opened[mark] >= 0 && closes(text, at, before, after)) {
        const opening = opened[mark];
        opened[mark] = -1;
        if (substance === substanceBefore[mark]) return;
        tokens[opening].end = tokens[opening].start + 1;
        tokens.push({ kind: 'mark', start: at, end: at + 1, opens: false });
        for (let other = 0; other < opened.length; other++) if (opened[other] > opening) opened[other] = -1;
      } else if (opens(text, at, before, after)) {
        opened[mark] = tokens.length;
        substanceBefore[mark] = substance;
        tokens.push({ kind: 'mark', start: at, end: at, opens: true });
      }
    }
  }

  const opens = (text, at, before, after) => !space.test(after) && !')]},;'.includes(after) && isEdge(text, at, true)
    && (!isSign(text, at + 1) || space.test(before) || beforeMarks.includes(before));

  const closes = (text, at, before, after) => !space.test(before) && !'([{'.includes(before) && isEdge(text, at + 1, false)
    && (!isSign(text, at - 1) || space.test(after) || behindMarks.includes(after));

  function findLinks(text) {
    const links = [];
    let at = 0, free = 0;
    const add = (kind, start, end, seen) => {
      if (end > 0) {
        links.push({ kind, start, end, opens: false });
        at = free = end;
      } else at = Math.max(seen, at + 1);
    };
    while (at < text.length) {
      const c = text[at];
      const scheme = c === 'h' || c === 'H' ? starts(text, at, 'https://') ? 8 : starts(text, at, 'http://') ? 7 : 0 : 0;
      if (scheme && !isAsciiWord(text[at - 1])) {
        const { end, seen } = addressEnd(text, at + scheme, 0);
        add('address', at, end, seen);
      } else if ((c === 'w' || c === 'W') && starts(text, at, 'www.') && !isAsciiWord(text[at - 1]) && !(at > 0 && '.@/-'.includes(text[at - 1]))) {
        const { end, seen } = addressEnd(text, at, 2);
        add('host', at, end, seen);
      } else if (c === '@') {
        const end = mailEnd(text, at), start = end < 0 ? -1 : mailStart(text, at, free);
        add('mail', start, start < 0 || !isMail(text.slice(start, at), text.slice(at + 1, end)) ? -1 : end, at);
      } else at++;
    }
    return links;
  }

  function addressEnd(text, host, leastDots) {
    let { end, dots, seen } = hostEnd(text, host);
    if (leastDots > 0) {
      if (text[seen] === '@') return { end: -1, seen };
    } else {
      let sign = seen;
      while (sign < text.length && !'/?#@'.includes(text[sign]) && !endsAddress(text, sign)) sign++;
      if (text[sign] === '@') return { end: -1, seen: sign + 1 };
    }
    if (end < 0 || dots < leastDots) return { end: -1, seen };
    if (end < seen) return { end: dots > 0 ? end : -1, seen };
    const port = portEnd(text, end);
    if (port < text.length && '/?#'.includes(text[port])) return { end: bodyEnd(text, port), seen };
    const isAlone = port > end || port === text.length || space.test(text[port]) || text[port] < '\x80' || foreign.includes(text[port]);
    return { end: dots > 0 || isAlone ? port : -1, seen };
  }

  function hostEnd(text, start) {
    let dots = 0, at = start;
    if (text[at] === '[') {
      at++;
      while (at < text.length && /[0-9A-Fa-f:.]/.test(text[at])) at++;
      if (text[at] !== ']' || at < start + 3) return { end: -1, dots, seen: at };
      return { end: at + 1, dots, seen: at + 1 };
    }
    for (; ;) {
      const label = at;
      while (at < text.length && (text[at] === '-' || text[at] === '_' || isWord(text, at))) at += width(text, at);
      if (at === label || at + 1 >= text.length || text[at] !== '.' || !isWord(text, at + 1)) break;
      dots++;
      at++;
    }
    const seen = at;
    while (at > start && (text[at - 1] === '-' || text[at - 1] === '_')) at--;
    return { end: at === start || at - start > longestHost || !isWord(text, start) ? -1 : at, dots, seen };
  }

  function portEnd(text, at) {
    if (text[at] !== ':') return at;
    let end = at + 1;
    while (end < text.length && end - at <= 6 && text[end] >= '0' && text[end] <= '9') end++;
    const port = end > at + 1 ? Number(text.slice(at + 1, end)) : 0;
    return port > 0 && port <= 65535 ? end : at;
  }

  function bodyEnd(text, start) {
    const open = { '(': 0, '[': 0, '{': 0 }, closes = { ')': '(', ']': '[', '}': '{' };
    let at = start;
    for (; at < text.length && !endsAddress(text, at); at++) {
      if (text[at] in open) open[text[at]]++;
      else if (text[at] in closes && --open[closes[text[at]]] < 0) break;
    }
    while (at > start && trailing.includes(text[at - 1])) at--;
    return at;
  }

  function mailStart(text, sign, from) {
    let at = sign;
    while (at > from && isLocal(text, at - 1)) at--;
    while (at < sign && !isWord(text, at)) at += width(text, at);
    return at === sign || text[at - 1] === '@' ? -1 : at;
  }

  function mailEnd(text, sign) {
    let at = sign + 1, dots = 0, last = at;
    for (; ;) {
      const label = at;
      while (at < text.length && (text[at] === '-' || isWord(text, at))) at += width(text, at);
      if (at === label) break;
      last = label;
      if (at + 1 >= text.length || text[at] !== '.' || !isWord(text, at + 1)) break;
      dots++;
      at++;
    }
    const seen = at;
    while (at > last && text[at - 1] === '-') at--;
    const isName = dots > 0 && at - last >= 2 && letter.test(pointAt(text, last));
    return !isName || text[seen] === '@' ? -1 : at;
  }

  // Address.IsMail, of what consists of the right characters already.
  const isMail = (local, host) => local.length <= 64 && local.length + host.length < 254 && !/\.\.|\.$/.test(local)
    && host.split('.').every(label => label.length <= 63 && !/^-|-$/.test(label));

  function isLocal(text, at) {
    if ("._%+-'".includes(text[at]) || isHigh(text[at])) return true;
    return isWord(text, isLow(text[at]) && at > 0 ? at - 1 : at);
  }

  function isEdge(text, at, isBefore) {
    if (isBefore) {
      if (at === 0) return true;
      at -= at > 1 && isLow(text[at - 1]) ? 2 : 1;
    }
    if (at >= text.length) return true;
    if (text[at] === '\\' || text[at] === '/') return false;
    return text[at] >= '\uFE00' && text[at] <= '\uFE0F' || text[at] === '\u20E3' || !isWord(text, at);
  }

  const isSubstance = (text, at) =>
    isHigh(text[at]) || isLow(text[at]) || text[at] >= '\u2600' && text[at] <= '\u27BF' || isWord(text, at);

  const isSign = (text, at) => !space.test(text[at]) && !isSubstance(text, at) && !marks.includes(text[at]);

  // ---- as nodes ----
  function nodes(text) {
    const out = document.createDocumentFragment();
    const within = [out];
    let at = 0;
    for (const token of read(text)) {
      lines(within.at(-1), text.slice(at, token.start));
      at = token.end;
      if (token.kind !== 'mark') within.at(-1).append(link(token.kind, text.slice(token.start, token.end)));
      else if (token.opens) {
        const elt = document.createElement(tags[text[token.start]]);
        within.at(-1).append(elt);
        within.push(elt);
      } else within.pop();
    }
    lines(out, text.slice(at));
    return out;
  }

  // As RFC 3986 has it, without the five signs that encodeURIComponent leaves.
  const encode = part => encodeURIComponent(part).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

  function link(kind, text) {
    const elt = document.createElement('a');
    if (kind === 'mail') {
      const sign = text.lastIndexOf('@');
      elt.setAttribute('href', `mailto:${encode(text.slice(0, sign))}@${encode(text.slice(sign + 1))}`);
    } else {
      elt.setAttribute('href', kind === 'host' ? `https://${text}` : text);
      elt.setAttribute('target', '_blank');
    }
    elt.setAttribute('rel', 'noopener noreferrer nofollow ugc');
    elt.append(text);
    return elt;
  }

  function lines(out, text) {
    text.split('\n').forEach((line, at) => {
      if (at) out.append(document.createElement('br'));
      if (line) out.append(line);
    });
  }

  cc.markup = { read, nodes };
})();
