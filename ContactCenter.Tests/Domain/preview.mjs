// Runs the preview's parser (wwwroot/js/markup.js) outside a browser: texts in a JSON array on standard input; on standard
// output, for each, what it reads and the HTML of its nodes. With "time" as argument: milliseconds, the best of several runs.
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

const escape = text => text.replace(/[&<>"']/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);

class Element {
  constructor(name) { Object.assign(this, { name, attributes: [], children: [] }); }
  append(...children) { this.children.push(...children); }
  setAttribute(name, value) { this.attributes.push([name, value]); }
  get inner() { return this.children.map(child => typeof child === 'string' ? escape(child) : child.outer).join(''); }
  get outer() {
    const attributes = this.attributes.map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
    return this.name === 'br' ? '<br>' : `<${this.name}${attributes}>${this.inner}</${this.name}>`;
  }
}

globalThis.cc = {};
globalThis.document = { createElement: name => new Element(name), createDocumentFragment: () => new Element('') };
runInThisContext(readFileSync(process.argv[2], 'utf8'));

const texts = JSON.parse(readFileSync(0, 'utf8'));
const best = text => {
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const began = performance.now();
    cc.markup.nodes(text);
    least = Math.min(least, performance.now() - began);
  }
  return least;
};
const answer = process.argv[3] === 'time'
  ? texts.map(best)
  : texts.map(text => ({ tokens: cc.markup.read(text).map(t => `${t.kind} ${t.start} ${t.end} ${t.opens}`), html: cc.markup.nodes(text).inner }));
process.stdout.write(JSON.stringify(answer));
