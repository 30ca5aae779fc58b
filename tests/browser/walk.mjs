// Every page of the demonstration site in both languages, wide and narrow, light and dark: axe, console, CSP, overflow;
// then the journeys of a person with a keyboard, and of one without JavaScript.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, watched, SITE, Tally } from './browser.mjs';
import { keyboard, withoutScript } from './journeys.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ALL = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast'] } };
const A_SHAPE = 2; // pages made by the same code differ only in their data; of searches one of each parameter says enough
const WORKERS = 2;
// What the tree of a page says, axe finds in one view; others show only colours and widths anew.
const VIEWS = [
  { width: 1280, height: 900, colorScheme: 'light', rules: ALL, of: () => true },
  { width: 390, height: 844, colorScheme: 'light', rules: null, of: () => true },
  { width: 1280, height: 900, colorScheme: 'dark', rules: COLOURS, of: (path) => !path.startsWith('/en') && !path.includes('?') },
  { width: 390, height: 844, colorScheme: 'dark', rules: COLOURS, of: (path) => /^\/en(\/[a-z]+)?$/.test(path) },
];

const ROUTES = JSON.parse(execFileSync(process.env.OPENSHELF, ['routes', '--json'])).filter((r) => r.methods.includes('GET')).map((r) => r.path);
const pattern = (route) => new RegExp(`^(/en)?${route.replaceAll('.', '\\.').replace(/\{\w+\*\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
// The plainest route that fits, and which parameters there are.
const shape = (path) => {
  const u = new URL(path, SITE);
  const route = ROUTES.filter((r) => pattern(r).test(u.pathname)).sort((a, b) => a.split('{').length - b.split('{').length)[0] ?? u.pathname;
  return route + '?' + [...new Set(u.searchParams.keys())].sort().join('&');
};

// A dataset that has tables: among hundreds the walk might pass it by.
async function withTables() {
  const answer = await (await fetch(`${SITE}/api/3/action/package_search?rows=1&q=${encodeURIComponent('公廁清冊')}`)).json();
  return `/datasets/${answer.result.results[0].name}`;
}

// Each kind of chart and map: by their addresses they are one shape, and only one of them would be met.
async function drawings() {
  const ask = async (words) => {
    const { result } = await (await fetch(`${SITE}/api/3/action/package_search?rows=1&q=${encodeURIComponent(words)}`)).json();
    return `/tables/${result.results[0].resources.find((r) => r.datastore_active).id}`;
  };
  const air = await ask('空氣品質即時監測'), places = await ask('列管公廁清冊'), budget = await ask('中央政府總預算歲出');
  return [`${air}/chart?type=lines&x=監測時間&agg=avg&y=AQI`, `${air}/chart?type=histogram&x=AQI`, `${air}/chart?type=scatter&x=PM2.5&y=PM10`,
    `${air}/map?type=areas&level=county&agg=avg&y=AQI`, `${air}/map?type=areas&level=town&agg=count`, `${air}/map?type=points`, `${places}/map?type=points`,
    `${places}/map?type=points&in=63000`, `${places}/chart?type=bars&x=縣市&series=等級`, `${budget}/chart?type=columns&x=年度&agg=sum&y=決算數(千元)&series=科目`]
    .map((p) => encodeURI(p));
}

async function pagesOfSite() {
  const found = ['/', '/no-such-page', '/datasets?sort=unknown', '/datasets?q=no-such-words', '/schemas', await withTables(), ...await drawings()], counts = new Map();
  for (let i = 0; i < found.length && i < 200; i++) {
    const answer = await fetch(SITE + found[i], { headers: { 'Accept-Language': 'zh-TW' } });
    if (!(answer.headers.get('content-type') ?? '').startsWith('text/html')) { found.splice(i--, 1); continue; }
    if (found[i].includes('?')) continue;
    const html = await answer.text();
    for (const [, raw] of html.matchAll(/<a\s[^>]*href="([^"]+)"/g)) {
      const u = new URL(raw.replaceAll('&amp;', '&'), answer.url);
      const path = u.pathname + u.search;
      if (u.origin !== SITE || found.includes(path) || /\.(json|atom|xml|csv|txt)$/.test(u.pathname) || path.startsWith('/api/')) continue;
      if (path.startsWith('/en')) continue; // the English twin of each is walked anyway
      const n = counts.get(shape(path)) ?? 0;
      if (n >= (u.search ? 1 : A_SHAPE)) continue;
      counts.set(shape(path), n + 1);
      found.push(path);
    }
  }
  return found.flatMap((p) => [p, '/en' + p]);
}

// The pages of routes.def that the walk has not met: none may hide. The demonstration has no jobs: their page is not walked here.
function unmet(pages) {
  const machine = new RegExp('^/(api/|assets|feeds|sitemap|statistics/|quality/|index$)|\\.\\w+$|^/(health|metrics|datasets/export|datastore|dump|files)'
    + '|^/tables/[^/]+/(csvw|datapackage|openapi)$|^/schemas/[^/]+/');
  const absent = /^\/jobs\//;
  const met = (route) => pages.some((p) => pattern(route).test(new URL(p, SITE).pathname));
  return ROUTES.filter((route) => !machine.test(route) && !absent.test(route) && !met(route));
}

async function inspect(page, rules) {
  const result = rules === null ? [] : await page.evaluate(async (how) => {
    const r = await axe.run(document, { ...how, resultTypes: ['violations'] });
    return r.violations.map((v) => `axe ${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
  }, rules);
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth > limit
      ? [`wider than the window: ${document.documentElement.scrollWidth} > ${limit}: ` + [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > limit + 1).slice(-3).map((e) => e.outerHTML.slice(0, 100)).join(' | ')]
      : [];
  });
  return result.concat(wide);
}

const expected = (path) => path.includes('no-such-page') ? 404 : path.includes('sort=unknown') ? 422 : 200;

async function visit(page, complaints, path, view) {
  const answer = await page.goto(SITE + path, { waitUntil: 'load' });
  const gone = answer.status() === 410; // a withdrawn dataset keeps its page
  const status = gone ? 410 : expected(path);
  const found = complaints().filter((c) => status === 200 || !c.includes(String(status)));
  if (answer.status() !== status) found.push(`status ${answer.status()}`);
  return found.concat(await inspect(page, view.rules));
}

// One view: pages in turn, by a few tabs of one context. axe is injected past the CSP, which stays in force for the page's own loads.
async function walk(browser, tally, pages, view) {
  const context = await browser.newContext({ viewport: view, colorScheme: view.colorScheme, locale: 'zh-TW', reducedMotion: 'reduce' });
  if (view.rules !== null) await context.addInitScript(axe);
  const queue = pages.filter(view.of);
  console.log(`${queue.length} pages, ${view.width} ${view.colorScheme}`);
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    const { page, complaints } = await watched(context);
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const found = await visit(page, complaints, path, view).catch((e) => [e.message]);
      tally.check(`${path} ${view.width} ${view.colorScheme}`, found);
    }
  }));
  await context.close();
}

const tally = new Tally();
const browser = await open();
try {
  const pages = await pagesOfSite();
  tally.check('enough pages were found', pages.length > 40);
  tally.check('every page of routes.def is met', unmet(pages));
  for (const view of VIEWS) {
    const started = Date.now();
    await walk(browser, tally, pages, view);
    console.log(`  ${Math.round((Date.now() - started) / 1000)} s`);
  }
  await keyboard(browser, tally);
  await withoutScript(browser, tally);
} finally {
  await browser.close();
}
tally.end();
