(() => {
  'use strict';
  const all = selector => [...document.querySelectorAll(selector)];
  const pinned = {}; // by unit, what was chosen with the keyboard or a click
  const charts = all('.plot').map(plot => ({
    plot,
    unit: plot.dataset.unit,
    data: JSON.parse(plot.querySelector('script').textContent),
    cursor: plot.querySelector('.cursor'),
    dots: [...plot.querySelectorAll('.dot')],
    words: [...plot.parentNode.querySelectorAll('.legend output')],
  }));

  // Shows a stop in all charts of a unit; without one, what is said at rest.
  function show(unit, stop) {
    for (const {plot, data, cursor, dots, words} of charts.filter(chart => chart.unit === unit)) {
      const last = data.stops.length - 1;
      if (last < 0) continue;
      const at = stop == null ? data.rest : Math.max(0, Math.min(last, stop));
      cursor.style.display = stop == null ? 'none' : 'block';
      cursor.style.left = data.x[at] + '%';
      words[0].textContent = data.stops[at];
      data.curves.forEach((curve, i) => {
        words[i + 1].textContent = curve.words[at];
        dots[i].style.display = stop == null || curve.y[at] == null ? 'none' : 'block';
        dots[i].style.left = data.x[at] + '%';
        dots[i].style.bottom = curve.y[at] + '%';
      });
      plot.setAttribute('aria-valuenow', at + 1);
      plot.setAttribute('aria-valuetext',
        [data.stops[at], ...data.curves.map(curve => curve.words[at])].join(', '));
    }
    if (unit === 'epoch') {
      const strips = all('[data-epoch]');
      const seen = strips.filter(strip => stop != null && +strip.dataset.epoch <= stop + 1);
      strips.forEach(strip => strip.classList.toggle('on', strip === seen.at(-1)));
    }
  }

  for (const {plot, unit, data} of charts) {
    const nearest = event => {
      const box = plot.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width * 100;
      return data.x.reduce((best, x, i) => Math.abs(x - at) < Math.abs(data.x[best] - at) ? i : best, 0);
    };
    plot.addEventListener('pointermove', event => show(unit, nearest(event)));
    plot.addEventListener('pointerleave', () => show(unit, pinned[unit]));
    plot.addEventListener('click', event => show(unit, pinned[unit] = nearest(event)));
    plot.addEventListener('keydown', event => {
      const last = data.stops.length - 1;
      const now = pinned[unit] ?? data.rest;
      const to = {ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
        PageDown: now - 10, PageUp: now + 10, Home: 0, End: last, Escape: null}[event.key];
      if (to === undefined || last < 0) return;
      event.preventDefault();
      pinned[unit] = to === null ? null : Math.max(0, Math.min(last, to));
      show(unit, pinned[unit]);
    });
  }

  addEventListener('beforeprint', () => all('details').forEach(details => details.open = true));

  // While the run goes on: look again, and come back to the same place.
  const sections = all('section');
  function leave() {
    const first = sections.find(section => section.getBoundingClientRect().bottom > 0);
    history.replaceState({
      pinned,
      open: all('details[open]').map(details => details.id),
      section: first?.id,
      top: first?.getBoundingClientRect().top,
      scrolled: all('.strip, .wide').map(wide => wide.scrollLeft),
      focus: document.activeElement?.id,
    }, '');
    location.reload();
  }
  const place = history.state;
  if (place) {
    history.scrollRestoration = 'manual';
    Object.assign(pinned, place.pinned);
    Object.entries(pinned).forEach(([unit, stop]) => show(unit, stop));
    place.open.forEach(id => { const found = document.getElementById(id); if (found) found.open = true; });
    if (place.focus) document.getElementById(place.focus)?.focus({preventScroll: true});
    const section = place.section && document.getElementById(place.section);
    if (section) scrollBy(0, section.getBoundingClientRect().top - place.top);
    all('.strip, .wide').forEach((wide, i) => wide.scrollLeft = place.scrolled[i] ?? 0);
  }
  const written = +document.body.dataset.written;
  if (written) {
    const epoch = 1000 * document.body.dataset.seconds;
    const pause = Math.max(3000, Math.min(60000, epoch / 4));
    const busy = () => document.hidden || !getSelection().isCollapsed;
    const look = () => {
      if (Date.now() - written > Math.max(3600000, 10 * epoch)) {
        document.getElementById('status').textContent =
          'No news for a long time: the run may have been killed. Reload to look again.';
      } else if (busy()) {
        setTimeout(look, 1000);
      } else {
        leave();
      }
    };
    setTimeout(look, Math.max(pause, written + epoch + 1000 - Date.now()));
  }
})();
