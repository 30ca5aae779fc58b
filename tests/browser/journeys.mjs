// What a person does, twice: with the keyboard alone, and without JavaScript.
import assert from 'node:assert/strict';
import { watched, SITE } from './browser.mjs';

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {
    tag: e.tagName, text: (e.innerText || e.value || e.getAttribute('aria-label') || '').trim(), href: e.getAttribute('href') ?? '',
    name: e.getAttribute('name') ?? '', type: e.type ?? '', id: e.id,
    seen: box.width > 0 && box.height > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.textDecorationLine !== 'none'
      || style.borderStyle !== 'none'),
  };
});

// Tabs until `wanted` has the focus; every stop on the way must be visible.
async function tabTo(page, wanted, what, most = 150) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag === 'BODY') continue;
    assert.ok(at.seen, `the focus cannot be seen on <${at.tag}> ${at.text.slice(0, 40)} ${at.href}`);
    if (wanted(at)) return at;
  }
  assert.fail(`Tab does not reach ${what}`);
}

export async function keyboard(browser, tally) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'zh-TW' });
  const { page, complaints } = await watched(context);
  const go = () => page.waitForLoadState('load');

  await tally.step('keyboard: the first Tab is the skip link, and it moves the focus to the content', async () => {
    await page.goto(SITE + '/datasets');
    await page.keyboard.press('Tab');
    const first = await focused(page);
    assert.ok(first.href.startsWith('#'), `the first stop is ${JSON.stringify(first)}`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement.closest('main') !== null);
    assert.ok(inside, 'after the skip link the next stop is not in main');
  });

  await tally.step('keyboard: search', async () => {
    await page.goto(SITE + '/');
    await tabTo(page, (e) => e.name === 'q', 'the search box');
    await page.keyboard.type('資料');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=/);
    await go();
    assert.ok(await page.locator('main a[href*="/datasets/"]').count() > 0, 'no results');
    assert.equal(await page.locator('input[name=q]').first().inputValue(), '資料');
  });

  await tally.step('keyboard: narrow by a facet, and take it back', async () => {
    const before = page.url();
    const facet = await tabTo(page, (e) => e.tag === 'A' && /[?&](organization|org|format|theme|category|licence|license|star|tag)/.test(e.href)
      && !e.href.includes('sort='), 'a facet');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.href !== before);
    await go();
    assert.ok(await page.locator('main a[href*="/datasets/"]').count() > 0, `the facet ${facet.text} leads to nothing`);
  });

  await tally.step('keyboard: open a dataset and reach its attribution text and files', async () => {
    await tabTo(page, (e) => e.tag === 'A' && /^(\/en)?\/datasets\/[^?]+$/.test(e.href), 'a dataset');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/datasets\/[^?]+$/);
    await go();
    const licence = await page.locator('main').innerText();
    assert.match(licence, /授權/);
    const box = page.locator('main textarea[readonly], main input[readonly], main [data-copy], main blockquote, main pre').first();
    assert.ok(await box.count() > 0, 'there is no attribution text to copy');
  });

  await tally.step('keyboard: from the dataset to a file, and on to the organisation', async () => {
    const dataset = new URL(page.url()).pathname;
    await tabTo(page, (e) => e.tag === 'A' && e.href === `${dataset}/1`, 'the first file');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.pathname === `${dataset}/1`);
    await go();
    assert.match(await page.locator('main').innerText(), /格式/);
    await tabTo(page, (e) => e.tag === 'A' && /^\/organizations\/[^?]+$/.test(e.href), 'the organisation');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/organizations\/[^?]+$/);
    await go();
    assert.match(await page.locator('main').innerText(), /機關代碼|永久識別碼/);
  });

  await tally.step('keyboard: change the language and stay on the page', async () => {
    const path = new URL(page.url()).pathname;
    await tabTo(page, (e) => e.tag === 'A' && e.href.startsWith('/en' + path), 'the other language');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.pathname === '/en' + path);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  });

  await tally.step('keyboard: nothing complained', async () => assert.deepEqual(complaints(), []));
  await context.close();
}

// From the map of the air's quality to its rows without a value.
async function emptyCells(page, tally) {
  await tally.step('no JavaScript: a table with empty cells scrolls in its frame, and the page ends with its foot', async () => {
    await page.goto(page.url().replace(/\/map.*/, '?null.aqi=yes'));
    const size = await page.evaluate(() => ({
      rows: document.querySelectorAll('table.rows tbody tr').length, nulls: document.querySelectorAll('table.rows .null').length,
      foot: document.querySelector('footer').getBoundingClientRect().bottom + scrollY, page: document.documentElement.scrollHeight,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      broken: [...document.querySelectorAll('table.rows tbody td')].filter((k) => /^\d{4}-\d\d-\d\d /.test(k.innerText) && k.clientHeight > 40).length,
    }));
    assert.ok(size.rows > 20 && size.nulls > 20, `${size.rows} rows, ${size.nulls} empty cells`);
    assert.ok(size.page <= size.foot + 1, `the page goes on below its foot: ${size.page} > ${size.foot}`);
    assert.ok(size.wide <= 0, `${size.wide} too wide`);
    assert.equal(size.broken, 0, 'dates are broken in two');
  });
}

export async function withoutScript(browser, tally) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-TW', javaScriptEnabled: false });
  const { page, complaints } = await watched(context);
  const results = () => page.locator('main a[href*="/datasets/"]').count();

  await tally.step('no JavaScript: search from the first page', async () => {
    await page.goto(SITE + '/');
    await page.locator('input[name=q]').first().fill('資料');
    await page.locator('input[name=q]').first().press('Enter');
    await page.waitForURL(/[?&]q=/);
    assert.ok(await results() > 0, 'no results');
  });

  await tally.step('no JavaScript: a facet, the next page, another order', async () => {
    await page.goto(SITE + '/datasets');
    const facets = page.locator('main a[href*="?"], aside a[href*="?"]');
    assert.ok(await facets.count() > 3, 'no facets');
    const next = page.locator('a[rel=next]').first();
    assert.ok(await next.count() > 0, 'no next page');
    const first = await page.locator('main h2 a[href*="/datasets/"], main h3 a[href*="/datasets/"]').first().getAttribute('href');
    await page.goto(new URL(await next.getAttribute('href'), page.url()).href);
    const second = await page.locator('main h2 a[href*="/datasets/"], main h3 a[href*="/datasets/"]').first().getAttribute('href');
    assert.notEqual(first, second);
    const sort = await page.locator('a[href*="sort="], select[name=sort]').count();
    assert.ok(sort > 0, 'no way to sort');
  });

  await tally.step('no JavaScript: a dataset shows everything', async () => {
    await page.goto(SITE + '/datasets');
    await page.locator('main a[href*="/datasets/"]').first().click();
    await page.waitForURL(/\/datasets\//);
    const text = await page.locator('main').innerText();
    for (const word of ['授權', '提供機關', '更新']) assert.ok(text.includes(word), `“${word}” is not on the page`);
  });

  await tally.step('no JavaScript: its file, its organisation, and the way into the tree of all', async () => {
    await page.goto(new URL(await page.locator('main a[href^="/datasets/"][href$="/1"]').first().getAttribute('href'), SITE).href);
    await page.locator('main a[href^="/organizations/"]').first().click();
    await page.waitForURL(/\/organizations\//);
    await page.locator('header a[href="/organizations"]').click();
    await page.locator('input#org-q').fill('交通');
    await page.locator('input#org-q').press('Enter');
    await page.waitForURL(/[?&]q=/);
    assert.ok(await page.locator('main .org-tree a').count() > 0, 'no organisation is found');
  });

  await tally.step('no JavaScript: a chart is chosen by its form, its address is the chart, and a map leads into a county', async () => {
    await page.goto(`${SITE}/datasets?q=${encodeURIComponent('空氣品質即時監測')}`);
    await page.locator('main a[href^="/datasets/"]:not([href*="?"])').first().click();
    await page.locator('main a[href^="/tables/"]').first().click();
    await page.locator('nav.tabs a[href$="/chart"]').click();
    await page.locator('select[name=type]').selectOption('bars');
    await page.locator('select[name=x]').selectOption({ label: '縣市' });
    await page.locator('.chart-form button').click();
    await page.waitForURL(/type=bars/);
    const bars = await page.locator('svg.chart.bars rect.bar').count();
    assert.ok(bars > 10, `${bars} bars`);
    assert.equal(await page.locator('.numbers-of tbody tr').count(), bars);
    await page.goto(page.url());
    assert.equal(await page.locator('svg.chart.bars rect.bar').count(), bars);
    await page.locator('nav.tabs a[href*="/map"]').click();
    assert.ok(await page.locator('svg.map path.area').count() >= 22, 'the map has no counties');
    await page.locator('main .chips a', { hasText: '新北市' }).click();
    await page.waitForURL(/in=65000/);
    assert.deepEqual(await page.locator('.numbers-of tbody th').allInnerTexts(), ['板橋區', '淡水區']);
  });

  await emptyCells(page, tally);

  await tally.step('no JavaScript: the other language', async () => {
    const path = new URL(page.url()).pathname;
    await page.goto(new URL(await page.locator(`a[href^="/en${path}"]`).first().getAttribute('href'), SITE).href);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  });

  // Scripts that are not run are not loaded either, which the browser calls a failure.
  await tally.step('no JavaScript: nothing complained', async () => assert.deepEqual(complaints().filter((k) => !/\.js csp$/.test(k)), []));
  await context.close();
}
