// The width of a column: by its grip with a pointer; the keys call setWidth too.

const LEAST = 48, MOST = 1200;

export function setWidth(view, keys, col, width) {
  view.columns[col].width = Math.round(Math.max(LEAST, Math.min(MOST, width)));
  keys.keepFocus(() => view.size());
}

export function gripWidths(view, keys) {
  view.box.addEventListener('pointerdown', (e) => {
    const grip = e.target.closest('.grid-grip');
    if (!grip || e.button !== 0) return;
    e.preventDefault();
    const col = grip.parentElement.getAttribute('aria-colindex') - 1, from = e.clientX, was = view.columns[col].width;
    // The grip itself is made anew with each width, so the whole window is listened to.
    const move = (m) => setWidth(view, keys, col, was + m.clientX - from);
    const done = () => {
      keys.gripped = false;
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', done);
      removeEventListener('pointercancel', done);
    };
    keys.gripped = true;
    addEventListener('pointermove', move);
    addEventListener('pointerup', done);
    addEventListener('pointercancel', done);
  });
}
