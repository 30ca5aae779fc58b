// Focus, selection and copying, after the grid pattern of the ARIA Authoring Practices: one cell has the
// focus and takes the keys; the headings are row -1.
import { textOf } from './grid_view.js';

const COPIED = 2000;    // rows at most, all of which are here already

export class Keys {
  // does: { sort(column, event), resize(column, by), tell(text), moved(row, column) }
  constructor(view, say, does) {
    Object.assign(this, { view, say, does, row: 0, col: 0, from: null });
    const { box } = view;
    box.addEventListener('keydown', (e) => this.#key(e));
    box.addEventListener('pointerdown', (e) => this.#pressed(e));
    box.addEventListener('pointerover', (e) => this.#dragged(e));
    box.addEventListener('click', (e) => this.#clicked(e));
    box.addEventListener('copy', (e) => this.#copy(e));
    box.addEventListener('focusin', (e) => { if (e.target !== box) this.does.moved(this.row, this.col); });
  }

  // --- how a cell looks ---

  #inside(row, col) {
    if (!this.from || row < 0) return false;
    const between = (x, a, b) => x >= Math.min(a, b) && x <= Math.max(a, b);
    return between(row, this.from.row, this.row) && between(col, this.from.col, this.col);
  }

  dress(cell, row, col) {
    const here = row === this.row && col === this.col, tab = here ? 0 : -1;
    if (cell.tabIndex !== tab || !cell.hasAttribute('tabindex')) cell.tabIndex = tab;
    if (row < 0) return;
    const inside = this.#inside(row, col);
    if ((cell.getAttribute('aria-selected') === 'true') !== inside) cell.setAttribute('aria-selected', String(inside));
  }

  // --- moving ---

  move(row, col, { select = false, focus = true } = {}) {
    const { view } = this, most = view.total - 1;
    if (select && !this.from && this.row >= 0) this.from = { row: this.row, col: this.col };
    if (!select) this.from = null;
    this.row = Math.max(this.from ? 0 : -1, Math.min(most, row));
    this.col = Math.max(0, Math.min(view.columns.length - 1, col));
    view.pinned = { row: this.row, col: this.col };
    view.show(this.row, this.col);
    view.paint();
    if (focus) view.cellAt(this.row, this.col)?.focus({ preventScroll: true });
    this.does.moved(this.row, this.col);
  }

  // Rows have come in: cells were made anew, the focus goes back to the one that had it.
  keepFocus(work) {
    const had = this.view.box.contains(document.activeElement);
    work();
    if (had && !this.view.box.contains(document.activeElement)) this.view.cellAt(this.row, this.col)?.focus({ preventScroll: true });
  }

  #key(e) {
    const { view } = this, page = Math.max(1, Math.floor(view.seen / view.row) - 1), ends = e.ctrlKey || e.metaKey, head = this.row < 0;
    if (e.altKey || e.target.closest('input,button')) return;
    if (head && e.shiftKey && (e.key === 'ArrowLeft' || e.key === 'ArrowRight')) {
      this.does.resize(this.col, e.key === 'ArrowLeft' ? -16 : 16);
      e.preventDefault();
      return;
    }
    const to = {
      ArrowUp: [ends ? 0 : this.row - 1, this.col], ArrowDown: [ends ? Infinity : this.row + 1, this.col],
      ArrowLeft: [this.row, ends ? 0 : this.col - 1], ArrowRight: [this.row, ends ? Infinity : this.col + 1],
      PageUp: [Math.max(0, this.row - page), this.col], PageDown: [this.row + page, this.col],
      Home: [ends ? 0 : this.row, 0], End: [ends ? Infinity : this.row, Infinity],
    }[e.key];
    if (to) {
      this.move(...to, { select: e.shiftKey && !head });
      if (ends || e.key.startsWith('Page')) this.does.tell(this.say.row.replace('{n}', (this.row + 1).toLocaleString('en')).replace('{total}', view.total.toLocaleString('en')));
    } else if ((e.key === 'Enter' || e.key === ' ') && head && view.columns[this.col].name) {
      this.does.sort(this.col, e);
    } else if (e.key === 'Enter' && this.col === 0) {
      view.cellAt(this.row, 0)?.querySelector('a')?.click();
    } else if (e.key === 'Escape' && this.from) {
      this.move(this.row, this.col);
    } else {
      return;
    }
    e.preventDefault();
  }

  #placeOf(e) {
    const cell = e.target.closest?.('.grid-cell'), line = cell?.parentElement;
    return cell && { row: line.getAttribute('aria-rowindex') - 2, col: cell.getAttribute('aria-colindex') - 1 };
  }

  #pressed(e) {
    const at = this.#placeOf(e);
    if (!at || e.button !== 0 || e.target.closest('a, .grid-grip')) return;
    if (e.pointerType === 'mouse') {
      e.preventDefault();           // no selection of text: cells are selected
      this.move(at.row, at.col, { select: e.shiftKey && at.row >= 0 });
    }
  }

  #dragged(e) {
    const at = e.pointerType === 'mouse' && e.buttons === 1 && !this.gripped && this.#placeOf(e);
    if (at && at.row >= 0 && this.row >= 0 && (at.row !== this.row || at.col !== this.col)) this.move(at.row, at.col, { select: true });
  }

  #clicked(e) {
    const at = this.#placeOf(e);
    if (!at || e.target.closest('.grid-grip')) return;
    if (e.pointerType !== 'mouse' && !e.target.closest('a')) this.move(at.row, at.col);
    if (at.row < 0 && e.target.closest('a') && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      this.does.sort(at.col, e);
    }
  }

  // --- copying ---

  // As spreadsheets read it: tabs between cells; what would be taken for a formula is marked as text.
  #cellText(value, number) {
    const text = textOf(value);
    if (!number && /^[=+\-@]/.test(text)) return `'${text}`;
    return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  #copy(e) {
    const { view } = this, a = this.from ?? this, lines = [];
    if (this.row < 0 || !view.box.contains(e.target)) return;
    const [top, bottom] = [Math.min(a.row, this.row), Math.max(a.row, this.row)], [left, right] = [Math.min(a.col, this.col), Math.max(a.col, this.col)];
    let cut = false;
    e.preventDefault();
    for (let i = top; i <= bottom; i++) {
      const values = bottom - top < COPIED ? view.rows.at(i) : undefined;
      if (!values) {
        this.does.tell(this.say.many);
        return;
      }
      const cells = values.slice(left, right + 1);
      cut = cut || cells.some((v) => typeof v === 'object' && v?.cut);
      lines.push(cells.map((v, k) => this.#cellText(v, view.columns[left + k].number)).join('\t'));
    }
    e.clipboardData.setData('text/plain', lines.join('\n'));
    this.does.tell((cut ? this.say.cut : this.say.copied).replace('{n}', ((bottom - top + 1) * (right - left + 1)).toLocaleString('en')));
  }
}
