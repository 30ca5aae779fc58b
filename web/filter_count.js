// While a filter is being filled in, how many rows it will leave.

export function countWhileTyping(form, cells) {
  const out = document.createElement('output'), count = form.dataset.sayCount;
  let timer, stop;
  out.className = 'note';
  form.querySelector('.words').append(out);
  const ask = async () => {
    stop?.abort();
    stop = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value !== '' && name !== 'rows' && name !== 'sort'));
    try {
      const answer = await fetch(`${cells}?${query}&cells=1&rows=1`, { signal: stop.signal });
      // A half-typed date is no fault worth a word: the page says it when the form is sent.
      out.textContent = answer.ok ? count.replace('{n}', (await answer.json()).total.toLocaleString('en')) : '';
    } catch {
      if (!stop.signal.aborted) out.textContent = '';
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  });
}
