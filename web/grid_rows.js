// The rows of a selection, in windows that are fetched when they are in view, kept for a while,
// and given up when the reader has moved on.

const KEPT = 24;    // windows in memory: a long way back and forth, and still a few megabytes
const PAUSE = 60;   // ms between two rounds of requests: who drags the scroll bar passes by most rows

export class Rows {
  // changed(error, fresh): something came or failed; fresh: the table itself is another one now.
  constructor(url, size, changed) {
    this.size = size;
    this.changed = changed;
    this.asked = new Map();
    this.next = 0;
    this.reset(url);
  }

  reset(url) {
    this.#giveUp(() => true);
    this.url = url;
    this.kept = new Map();
    this.wanted = [];
  }

  // The row at place i of the selection: [number, value, …]; undefined: not here yet.
  at(i) {
    return this.kept.get(Math.floor(i / this.size))?.[i % this.size];
  }

  // What is in view, and where the reader is going: one window ahead is fetched as well.
  want(from, past, down) {
    const first = Math.floor(from / this.size), last = Math.floor((past - 1) / this.size);
    this.wanted = [];
    for (let k = first; k <= last; k++) this.wanted.push(k);
    const ahead = down ? last + 1 : first - 1;
    if (ahead >= 0 && ahead * this.size < this.total) this.wanted.push(ahead);
    clearTimeout(this.timer);
    const wait = this.next - performance.now();
    if (wait > 0) this.timer = setTimeout(() => this.#ask(), wait);
    else this.#ask();
  }

  #giveUp(which) {
    for (const [k, stop] of this.asked) {
      if (which(k)) {
        stop.abort();
        this.asked.delete(k);
      }
    }
  }

  #ask() {
    this.#giveUp((k) => !this.wanted.includes(k));
    for (const k of this.wanted) {
      const window = this.kept.get(k);
      if (window) {           // used last: forgotten last
        this.kept.delete(k);
        this.kept.set(k, window);
      } else if (!this.asked.has(k)) {
        this.next = performance.now() + PAUSE;
        this.#fetch(k);
      }
    }
  }

  async #fetch(k) {
    const stop = new AbortController();
    this.asked.set(k, stop);
    let error = null, fresh = false;
    try {
      const answer = await fetch(`${this.url}&rows=${this.size}&page=${k + 1}`, { signal: stop.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const body = await answer.json();
      fresh = this.version !== undefined && this.version !== body.version;
      if (fresh) this.kept.clear();
      this.version = body.version;
      this.total = body.total;
      this.kept.set(k, body.rows);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    } catch (e) {
      error = e;
    }
    if (stop.signal.aborted) return;
    this.asked.delete(k);
    this.changed(error, fresh);
  }
}
