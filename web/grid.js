// The table of the page becomes a grid over all rows that match: scrolled, sorted, selected without
// another page. Without this script the page is whole; the address says the same in both.
import { countWhileTyping } from './filter_count.js';
import { Keys } from './grid_keys.js';
import { Rows } from './grid_rows.js';
import { textOf, View } from './grid_view.js';
import { gripWidths, setWidth } from './grid_width.js';

const CELLS = 2400;     // in a window of rows: wide tables have fewer rows in one
const SLOW = 600;       // ms without an answer before it is said

const element = (name, attributes = {}, ...inside) => {
  const e = Object.assign(document.createElement(name), attributes);
  e.append(...inside);
  return e;
};

// The phrases that the page brings: data-say-file-order → say.fileOrder.
function phrases(data) {
  const say = { row_href: data.row };
  for (const [key, text] of Object.entries(data)) if (key.startsWith('say')) say[key[3].toLowerCase() + key.slice(4)] = text;
  return say;
}

// Columns as the table of the page has them, as wide as its rows want.
function columnsOf(table) {
  table.classList.add('measured');
  const columns = [...table.tHead.rows[0].cells].map((th) => ({
    title: th.textContent.trim(), name: th.dataset.name, number: th.classList.contains('num'), href: th.querySelector('a')?.href,
    order: th.getAttribute('aria-sort'), width: Math.round(Math.min(320, Math.max(64, th.offsetWidth + 4))),
  }));
  table.classList.remove('measured');
  return columns;
}

// Room that is left is shared out.
function fillRoom(columns, room) {
  const left = room - columns.reduce((sum, c) => sum + c.width, 0), more = Math.floor(left / (columns.length - 1));
  if (left <= 0) return;
  for (const c of columns.slice(1)) c.width += more;
  columns.at(-1).width += left - more * (columns.length - 1);
}

const quoted = (name) => (/^[a-z0-9_]+$/.test(name) ? name : `"${name}"`);

// Every link and form of the page that means this selection takes the new order with it.
function keepOrder(path, sort) {
  for (const a of document.querySelectorAll('main a[href], footer a[href]')) {
    const url = new URL(a.href), rest = url.pathname.slice(path.length);
    if (!url.pathname.startsWith(path) || !/^($|\.json$|\/download\.)/.test(rest) || a.closest('.grid')) continue;
    if (sort) url.searchParams.set('sort', sort);
    else url.searchParams.delete('sort');
    url.searchParams.delete('page');
    a.href = url.href;
  }
  const form = document.querySelector('.table-filter'), field = form.elements.sort ?? form.appendChild(element('input', { type: 'hidden', name: 'sort' }));
  field.value = sort;
}

class Grid {
  constructor(region) {
    this.region = region;
    this.say = phrases(region.dataset);
    this.sort = region.dataset.sort;
    this.pageRows = Number(region.dataset.rows);
    this.path = new URL(region.dataset.cells, location).pathname.replace(/\.json$/, '');
    this.columns = columnsOf(region.querySelector('table'));
    const size = Math.max(20, Math.min(200, Math.round(CELLS / this.columns.length)));
    this.rows = new Rows(region.dataset.cells, size, (error, fresh) => this.#came(error, fresh));
    this.view = new View(this.columns, this.rows, this.say, (cell, row, col) => this.keys.dress(cell, row, col));
    this.keys = new Keys(this.view, this.say, {
      sort: (col) => this.sortBy(col), tell: (text) => this.tell(text), moved: (row, col) => this.#moved(row, col),
      resize: (col, by) => {
        setWidth(this.view, this.keys, col, this.columns[col].width + by);
        this.tell(`${this.say.width.replace('{column}', this.columns[col].title)}: ${this.columns[col].width}`);
      },
    });
    gripWidths(this.view, this.keys);
    this.#bars();
    this.view.box.setAttribute('aria-label', region.getAttribute('aria-label'));
    this.view.shown = (all) => this.#shown(all);
    this.view.rested = () => this.#rested();
    addEventListener('popstate', () => this.#fromAddress());
  }

  // The first rows first; the table stays as it is until they are here.
  start() {
    this.first = Number(this.region.dataset.first);
    this.rows.want(this.first, this.first + 1, true);
  }

  #open() {
    this.opened = true;
    this.region.hidden = true;
    document.querySelector('main > .paging')?.setAttribute('hidden', '');
    this.region.before(this.tools);
    this.region.after(this.view.box, this.under);
    this.keys.row = this.view.pinned.row = this.first;
    this.view.total = this.rows.total;
    this.columns[0].width = 32 + 8 * this.region.dataset.all.length;     // the longest number of a row
    this.view.size();
    fillRoom(this.columns, this.view.box.clientWidth);
    this.view.size();
    this.view.go(this.first * this.view.row);
  }

  // --- the bars above and below ---

  #bars() {
    const { say } = this, jump = element('input', { type: 'number', id: 'grid-jump', min: 1, step: 1, inputMode: 'numeric' });
    const form = element('form', { className: 'grid-jump' }, element('label', { htmlFor: 'grid-jump', textContent: say.jump }), jump, element('button', { textContent: say.go }));
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      if (jump.value) this.jump(Number(jump.value));
    });
    this.unsort = element('button', { type: 'button', className: 'plain-button', textContent: say.fileOrder, hidden: !this.region.dataset.sort });
    this.unsort.addEventListener('click', () => this.order('', true));
    this.tools = element('div', { className: 'grid-tools' }, form, this.unsort,
      element('details', { className: 'grid-help' }, element('summary', { textContent: say.keys }), element('p', { className: 'note', textContent: say.help })));
    this.again = element('button', { type: 'button', className: 'plain-button', textContent: say.again, hidden: true });
    this.again.addEventListener('click', () => {
      this.again.hidden = true;
      this.tell('');
      this.view.paint();
    });
    this.value = element('p', { className: 'grid-value' });
    this.value.setAttribute('aria-hidden', 'true');     // who listens hears the cell itself
    this.status = element('p', { className: 'grid-status' });
    this.status.setAttribute('role', 'status');
    this.under = element('div', { className: 'grid-under' }, this.value, this.status, this.again);
  }

  tell(text) {
    this.status.textContent = text;
  }

  jump(number) {
    const row = Math.max(0, Math.min(this.view.total, Math.round(number)) - 1);
    this.view.go(row * this.view.row);
    this.keys.move(row, 0);
    this.tell(this.say.row.replace('{n}', (row + 1).toLocaleString('en')).replace('{total}', this.view.total.toLocaleString('en')));
  }

  // The value of the cell with the focus, whole where the column is too narrow for it.
  #moved(row, col) {
    const value = row >= 0 ? this.rows.at(row)?.[col] : undefined;
    this.value.textContent = row < 0 || value === undefined ? this.columns[col].title : `${this.columns[col].title}: ${textOf(value) || '–'}`;
  }

  #shown(all) {
    const { view } = this, n = (x) => x.toLocaleString('en');
    const text = this.say.shown.replace('{from}', n(view.firstSeen + 1)).replace('{to}', n(view.pastSeen)).replace('{total}', n(view.total));
    const line = document.getElementById('shown');
    if (line.textContent !== text) line.textContent = text;
    clearTimeout(this.slow);
    if (all) this.view.box.classList.remove('slow');
    else this.slow = setTimeout(() => {
      this.view.box.classList.add('slow');
      if (!this.failed) this.tell(this.say.loading);
    }, SLOW);
    if (all && this.status.textContent === this.say.loading) this.tell('');
  }

  // --- rows ---

  #came(error, fresh) {
    this.failed = error !== null;
    if (!this.opened) {
      if (!error && this.rows.total > 0) this.#open();
      return;
    }
    if (error && this.view.whole) return;       // what was fetched ahead is asked for again when it is wanted
    this.again.hidden = !error;
    if (error) {
      this.tell(this.say.failed);
      return;
    }
    if (this.status.textContent === this.say.failed) this.tell('');
    if (fresh) this.tell(this.say.changed);
    this.keys.keepFocus(() => {
      if (this.view.total !== this.rows.total) {
        this.view.total = this.rows.total;
        this.view.size();
      } else {
        this.view.paint();
      }
    });
    if (this.view.box.contains(document.activeElement)) this.#moved(this.keys.row, this.keys.col);
  }

  // --- order and address ---

  sortBy(col) {
    const c = this.columns[col];
    this.order(quoted(c.name) + (c.order === 'ascending' ? ' desc' : ''), true);
  }

  order(sort, push) {
    this.sort = sort;
    for (const c of this.columns) {
      const name = c.name && quoted(c.name);
      c.order = !name ? null : sort === name || sort === `${name} asc` ? 'ascending' : sort === `${name} desc` ? 'descending' : null;
    }
    const cells = new URL(this.rows.url, location), here = new URL(location);
    for (const url of [cells, here]) {
      if (sort) url.searchParams.set('sort', sort);
      else url.searchParams.delete('sort');
    }
    here.searchParams.delete('page');
    if (push) history.pushState(null, '', here);
    this.unsort.hidden = !sort;
    this.rows.reset(cells.pathname + cells.search);
    this.keys.from = null;
    this.tell('');
    if (this.keys.row >= 0) this.keys.row = this.view.pinned.row = 0;
    keepOrder(this.path, sort);
    this.keys.keepFocus(() => {
      this.view.forget();
      this.view.go(0);
    });
  }

  // The page of the address is the one that begins above what is seen.
  #rested() {
    const here = new URL(location), page = Math.floor(this.view.firstSeen / this.pageRows) + 1;
    if (page > 1) here.searchParams.set('page', page);
    else here.searchParams.delete('page');
    clearTimeout(this.later);
    this.later = setTimeout(() => { if (here.href !== location.href && here.pathname === location.pathname) history.replaceState(null, '', here); }, 300);
  }

  #fromAddress() {
    clearTimeout(this.later);
    const here = new URL(location).searchParams, sort = here.get('sort') ?? '';
    if (sort === this.sort) return;     // a step within the page, to its content
    this.order(sort, false);
    this.view.go((Number(here.get('page') ?? 1) - 1) * this.pageRows * this.view.row);
  }
}

const region = document.getElementById('rows'), form = document.querySelector('.table-filter');
if (region) new Grid(region).start();
if (form) countWhileTyping(form, new URL(form.action).pathname.replace(/\/$/, '') + '.json');
