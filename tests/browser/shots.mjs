// Pictures for the documents: tests/browser/run shots.mjs [FOLDER]      (default: docs/pictures)
// SHOT_SITE takes them of a running site instead of the demonstration.
import { mkdirSync, statSync } from 'node:fs';
import { open, SITE } from './browser.mjs';

const site = process.env.SHOT_SITE ?? SITE;
const folder = process.argv[2] ?? 'docs/pictures';
const widths = [1280, 390];
mkdirSync(folder, { recursive: true });

async function datasetPath() {
  const text = await (await fetch(site + '/datasets')).text();
  return text.match(/href="(\/datasets\/[^"?]+)"/)[1];
}

const pages = { home: '/', list: '/datasets?q=' + encodeURIComponent('交通'), dataset: await datasetPath(), statistics: '/statistics', targets: '/targets' };
const browser = await open();
for (const width of widths) {
  const context = await browser.newContext({ viewport: { width, height: width > 500 ? 900 : 844 }, locale: 'zh-TW', reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(site + path, { waitUntil: 'load' });
    const file = `${folder}/${name}-${width}.jpg`;
    const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), width > 500 ? 1400 : 1800);
    for (let quality = 80; quality >= 30; quality -= 10) {
      await page.screenshot({ path: file, type: 'jpeg', quality, fullPage: true, clip: { x: 0, y: 0, width, height } });
      if (statSync(file).size <= 150_000) break;
    }
    console.log(`${file} ${statSync(file).size}`);
  }
  await context.close();
}
await browser.close();
