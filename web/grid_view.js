// What of the grid can be seen: which rows and columns stand where, and nothing else in the document.
//
// Browsers limit how tall an element may be (some at 17 million pixels), so a long table is shown in a
// shorter body. Near both ends a pixel of the scroll bar is a pixel of the table; between them it is
// several. Small movements are always exact; once the reader rests, the scroll bar is set right.

const MOST = 8_000_000;     // px, height of the body
const EDGE = 200_000;       // px at both ends that are exact
const AROUND = 8;           // rows painted beyond what is seen, for quick thumbs
const REST = 150;           // ms without movement

const make = (name, role, parent) => {
  const e = document.createElement('div');
  e.className = name;
  if (role) e.setAttribute('role', role);
  parent?.append(e);
  return e;
};

// Into its place among the others, for those who listen to the page in order.
function insert(parent, painted, at, e) {
  let after = Infinity;
  for (const other of painted.keys()) if (other > at && other < after) after = other;
  parent.insertBefore(e, painted.get(after) ?? null);
  painted.set(at, e);
}

export class View {
  // columns: [{ title, name, number, width, href }], the first is that of the row numbers.
  // rows: Rows. say: words. dress(cell, row, column): what focus and selection add to a cell; row -1: the heading.
  constructor(columns, rows, say, dress) {
    Object.assign(this, { columns, rows, say, dress, total: 0, whole: false, top: 0, real: 0, painted: new Map(), pinned: { row: -1, col: 0 } });
    this.box = make('grid', 'grid');
    this.head = make('grid-head', 'row', make('grid-heads', 'rowgroup', this.box));
    this.body = make('grid-body', 'rowgroup', this.box);
    this.headCells = new Map();
    this.box.setAttribute('aria-multiselectable', 'true');
    this.box.setAttribute('aria-colcount', columns.length);
    this.head.setAttribute('aria-rowindex', 1);
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.box.addEventListener('pointerover', (e) => {       // what does not fit is shown whole
      const cell = e.target.closest?.('.grid-cell');
      if (cell) cell.title = cell.scrollWidth > cell.clientWidth ? cell.textContent : '';
    });
    new ResizeObserver(() => this.size()).observe(this.box);
  }

  // --- measures ---

  get seen() { return Math.max(0, this.box.clientHeight - this.head.offsetHeight); }
  get tall() { return this.total * this.row; }
  get most() { return Math.max(0, this.tall - this.seen); }                             // of `top`
  get realMost() { return Math.max(0, Math.min(this.tall, MOST) - this.seen); }         // of the scroll bar
  get firstSeen() { return Math.min(this.total, Math.floor(this.top / this.row)); }
  get pastSeen() { return Math.min(this.total, Math.ceil((this.top + this.seen) / this.row)); }

  topOf(real) {
    const { most, realMost } = this;
    if (realMost >= most || real <= EDGE) return real;
    if (real >= realMost - EDGE) return most - (realMost - real);
    return EDGE + (real - EDGE) * (most - 2 * EDGE) / (realMost - 2 * EDGE);
  }

  realOf(top) {
    const { most, realMost } = this;
    if (realMost >= most || top <= EDGE) return top;
    if (top >= most - EDGE) return realMost - (most - top);
    return EDGE + (top - EDGE) * (realMost - 2 * EDGE) / (most - 2 * EDGE);
  }

  // After the number of rows, a width or the window has changed.
  size() {
    this.row = parseFloat(getComputedStyle(this.box).getPropertyValue('--row')) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    let x = 0;
    for (const c of this.columns) {
      c.x = x;
      x += c.width;
    }
    this.wide = x;
    this.head.style.width = this.body.style.width = `${x}px`;
    this.body.style.height = `${Math.min(this.tall, MOST)}px`;
    this.box.style.maxHeight = `${this.head.offsetHeight + this.tall + this.box.offsetHeight - this.box.clientHeight}px`;
    this.box.setAttribute('aria-rowcount', this.total + 1);
    this.top = Math.min(this.top, this.most);
    this.forget();
    this.#settle();
  }

  // --- moving ---

  #scrolled() {
    const real = this.box.scrollTop, by = real - this.real;
    this.real = real;
    if (by !== 0) {
      const exact = this.realMost >= this.most || Math.abs(by) > 2 * this.seen;
      this.down = by > 0;
      this.top = exact ? this.topOf(real) : Math.min(this.most, Math.max(0, this.top + by));
      clearTimeout(this.rest);
      if (real <= 0 || real >= this.realMost) this.#settle();
      else this.rest = setTimeout(() => this.#settle(), REST);
    }
    this.paint();
  }

  #settle() {
    const want = this.realOf(this.top);
    if (Math.abs(want - this.box.scrollTop) >= 1) this.box.scrollTop = want;
    this.real = this.box.scrollTop;
    this.paint();
    this.rested?.();
  }

  go(top) {
    this.down = top >= this.top;
    this.top = Math.min(this.most, Math.max(0, top));
    clearTimeout(this.rest);
    this.#settle();
  }

  // So that a cell can be seen whole.
  show(row, col) {
    const y = row * this.row, c = this.columns[col], fixed = this.columns[0].width, { box } = this;
    if (row >= 0 && y < this.top) this.go(y);
    else if (row >= 0 && y + this.row > this.top + this.seen) this.go(y + this.row - this.seen);
    if (col > 0 && c.x < box.scrollLeft + fixed) box.scrollLeft = c.x - fixed;
    else if (col > 0 && c.x + c.width > box.scrollLeft + box.clientWidth) box.scrollLeft = Math.min(c.x - fixed, c.x + c.width - box.clientWidth);
  }

  // --- painting ---

  forget() {
    for (const line of this.painted.values()) line.remove();
    this.painted.clear();
    for (const cell of this.headCells.values()) cell.remove();
    this.headCells.clear();
  }

  // The columns in view, with the first, which never leaves, and the one that has the focus.
  #columnsSeen(row) {
    const left = this.box.scrollLeft, right = left + this.box.clientWidth, list = [0];
    for (let i = 1; i < this.columns.length; i++) {
      const c = this.columns[i];
      if ((c.x + c.width > left && c.x < right) || (row === this.pinned.row && i === this.pinned.col)) list.push(i);
    }
    return list;
  }

  paint() {
    if (!this.row || !this.box.isConnected) return;
    const first = Math.max(0, this.firstSeen - AROUND), past = Math.min(this.total, this.pastSeen + AROUND), wanted = new Set();
    for (let i = first; i < past; i++) wanted.add(i);
    // The row with the focus stays in the document, at the rim, or the focus would be lost.
    if (this.pinned.row >= 0 && this.pinned.row < this.total) wanted.add(this.pinned.row);
    for (const [i, line] of this.painted) {
      if (!wanted.has(i)) {
        line.remove();
        this.painted.delete(i);
      }
    }
    this.#paintCells(this.head, this.headCells, -1);
    const above = Math.round(this.box.scrollTop - this.top + first * this.row);
    for (const i of wanted) this.#paintLine(i, above + (Math.max(first - 1, Math.min(past, i)) - first) * this.row);
    if (this.total > 0) this.rows.want(this.firstSeen, Math.max(this.firstSeen + 1, this.pastSeen), this.down !== false);
    this.#look();
  }

  #paintLine(i, y) {
    let line = this.painted.get(i);
    if (!line) {
      line = make(i % 2 ? 'grid-row odd' : 'grid-row', 'row');
      line.cells = new Map();
      line.setAttribute('aria-rowindex', i + 2);
      insert(this.body, this.painted, i, line);
    }
    line.style.transform = `translateY(${y}px)`;
    const values = this.rows.at(i);
    if (line.values !== values) {
      line.values = values;
      for (const cell of line.cells.values()) cell.remove();
      line.cells.clear();
    }
    this.#paintCells(line, line.cells, i);
  }

  #paintCells(line, cells, row) {
    const seen = this.#columnsSeen(row);
    for (const [k, cell] of cells) {
      if (!seen.includes(k)) {
        cell.remove();
        cells.delete(k);
      }
    }
    for (const k of seen) {
      if (!cells.has(k)) {
        const cell = row < 0 ? this.#heading(k) : this.#cell(k, row, line.values);
        insert(line, cells, k, cell);
      }
      this.dress(cells.get(k), row, k);
    }
  }

  #place(cell, k) {
    const c = this.columns[k];
    cell.style.width = `${c.width}px`;
    if (k > 0) cell.style.left = `${c.x}px`;
    cell.setAttribute('aria-colindex', k + 1);
    if (c.number) cell.classList.add('num');
    return cell;
  }

  #heading(k) {
    const c = this.columns[k], cell = this.#place(make(k ? 'grid-cell' : 'grid-cell first', 'columnheader'), k);
    const title = document.createElement(c.name ? 'a' : 'span');
    title.textContent = c.title;
    if (c.name) {
      title.href = c.href;
      title.tabIndex = -1;
      if (c.order) cell.setAttribute('aria-sort', c.order);
      title.className = c.order ? `order ${c.order}` : '';
    }
    cell.append(title);
    make('grid-grip', '', cell).setAttribute('aria-hidden', 'true');
    return cell;
  }

  #cell(k, row, values) {
    const cell = this.#place(make(k ? 'grid-cell' : 'grid-cell first', k ? 'gridcell' : 'rowheader'), k);
    if (!values) {
      cell.classList.add('waiting');
      cell.textContent = '…';
      return cell;
    }
    const value = values[k];
    if (k === 0) {
      const a = document.createElement('a');
      a.href = this.say.row_href.replace('{n}', value);
      a.textContent = value.toLocaleString('en');
      a.tabIndex = -1;
      cell.append(a);
    } else if (typeof value === 'string') {
      cell.textContent = value;
    } else {
      cell.classList.toggle('null', value === null || 'null' in value);
      cell.textContent = textOf(value) || '–';
      if (cell.classList.contains('null')) make('visually-hidden', '', cell).textContent = ` ${this.say.null}`;
    }
    return cell;
  }

  // Tells when all that can be seen is there: for the bar below, and for who measures.
  #look() {
    let all = true;
    for (let i = this.firstSeen; i < this.pastSeen; i++) all = all && this.rows.at(i) !== undefined;
    this.whole = all;
    this.box.setAttribute('aria-busy', String(!all));
    if (all) {
      performance.clearMarks('grid-whole');
      performance.mark('grid-whole');
    }
    this.shown?.(all);
  }

  cellAt(row, col) {
    return row < 0 ? this.headCells.get(col) : this.painted.get(row)?.cells.get(col);
  }
}

export const textOf = (value) => (typeof value === 'object' && value !== null ? value.null ?? value.cut : String(value ?? ''));
