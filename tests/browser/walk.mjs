// Every page of the demonstration site, in both languages, wide and narrow, light and dark: axe, console, CSP, overflow;
// then the journeys of a person with a keyboard, and of one without JavaScript.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, watched, SITE, Tally } from './browser.mjs';
import { keyboard, withoutScript } from './journeys.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const A_SHAPE = 2; // pages made by the same code differ only in their data
const VIEWS = [
  { width: 1280, height: 900, colorScheme: 'light' }, { width: 390, height: 844, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' }, { width: 390, height: 844, colorScheme: 'dark' },
];

const shape = (path) => {
  const u = new URL(path, SITE);
  const parts = u.pathname.split('/');
  const keep = parts[1] === 'en' ? 3 : 2;
  return parts.slice(0, keep).concat(parts.slice(keep).map(() => '*')).join('/') + '?' + [...new Set(u.searchParams.keys())].sort().join('&');
};

async function pagesOfSite() {
  const found = ['/', '/no-such-page'], counts = new Map();
  for (let i = 0; i < found.length && i < 400; i++) {
    const answer = await fetch(SITE + found[i], { headers: { 'Accept-Language': 'zh-TW' } });
    if (!(answer.headers.get('content-type') ?? '').startsWith('text/html')) { found.splice(i--, 1); continue; }
    const html = await answer.text();
    for (const [, raw] of html.matchAll(/<a\s[^>]*href="([^"]+)"/g)) {
      const u = new URL(raw.replaceAll('&amp;', '&'), answer.url);
      const path = u.pathname + u.search;
      if (u.origin !== SITE || found.includes(path) || /\.(json|atom|xml|csv|txt)$/.test(u.pathname) || path.startsWith('/api/')) continue;
      if (path.startsWith('/en')) continue; // the English twin of each is walked anyway
      const n = counts.get(shape(path)) ?? 0;
      if (n >= A_SHAPE) continue;
      counts.set(shape(path), n + 1);
      found.push(path);
    }
  }
  return found.flatMap((p) => [p, '/en' + p]);
}

async function inspect(page) {
  const result = await page.evaluate(async (tags) => {
    const r = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return r.violations.map((v) => `axe ${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
  }, TAGS);
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth > limit
      ? [`wider than the window: ${document.documentElement.scrollWidth} > ${limit}: ` + [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > limit + 1).slice(-3).map((e) => e.outerHTML.slice(0, 100)).join(' | ')]
      : [];
  });
  return result.concat(wide);
}

const tally = new Tally();
const browser = await open();
try {
  const pages = await pagesOfSite();
  console.log(`${pages.length} pages, ${VIEWS.length} views each`);
  tally.check('enough pages were found', pages.length > 40);
  for (const view of VIEWS) {
    // axe is injected past the CSP of the page, which stays in force for the page's own loads.
    const context = await browser.newContext({ viewport: view, colorScheme: view.colorScheme, locale: 'zh-TW', reducedMotion: 'reduce' });
    await context.addInitScript(axe);
    const { page, complaints } = await watched(context);
    for (const path of pages) {
      const what = `${path} ${view.width} ${view.colorScheme}`;
      try {
        const answer = await page.goto(SITE + path, { waitUntil: 'load' });
        const expected = path.endsWith('/no-such-page') ? 404 : 200;
        const found = complaints().filter((c) => expected === 200 || !c.includes('404'));
        if (answer.status() !== expected) found.push(`status ${answer.status()}`);
        tally.check(what, found.concat(await inspect(page)));
      } catch (e) {
        tally.check(what, [e.message]);
      }
    }
    await context.close();
  }
  await keyboard(browser, tally);
  await withoutScript(browser, tally);
} finally {
  await browser.close();
}
tally.end();
