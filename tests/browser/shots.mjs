// Pictures for the documents: tests/browser/run shots.mjs [FOLDER]      (default: docs/pictures)
// SHOT_SITE takes them of a running site instead of the demonstration.
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import { open, SITE } from './browser.mjs';

const site = process.env.SHOT_SITE ?? SITE;
const folder = process.argv[2] ?? 'docs/pictures';
const MOST_BYTES = 3_000_000; // of all together: a clone carries them
mkdirSync(folder, { recursive: true });

async function datasetPath() {
  const text = await (await fetch(site + '/datasets?q=' + encodeURIComponent('空氣品質'))).text();
  return text.match(/href="(\/datasets\/[^"?]+)"/)[1];
}

// The table of a dataset that words find.
async function tablePath(words) {
  const answer = await (await fetch(site + '/api/3/action/package_search?rows=20&q=' + encodeURIComponent(words))).json();
  const all = answer.result.results.flatMap((d) => d.resources);
  return '/tables/' + all.find((r) => r.datastore_active).id;
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = (bytes) => ~bytes.reduce((c, b) => CRC[(c ^ b) & 255] ^ (c >>> 8), ~0) >>> 0;

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

// The browser packs its PNG for speed; the same picture again, packed for size.
function smaller(png) {
  const kept = [], packed = [];
  for (let at = 8; at < png.length;) {
    const n = png.readUInt32BE(at), type = png.toString('latin1', at + 4, at + 8), data = png.subarray(at + 8, at + 8 + n);
    if (type === 'IDAT') packed.push(data);
    else if (type === 'IHDR') kept.push(chunk(type, data));
    at += n + 12;
  }
  const pixels = deflateSync(inflateSync(Buffer.concat(packed)), { level: 9, memLevel: 9 });
  return Buffer.concat([png.subarray(0, 8), ...kept, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const pages = { home: '/', list: '/datasets?q=' + encodeURIComponent('統計'), dataset: await datasetPath(), statistics: '/statistics' };
const air = await tablePath('空氣品質'), toilets = await tablePath('列管公廁清冊');
const tables = { rows: air, chart: `${air}/chart`, map: `${air}/map`, points: `${toilets}/map`, quality: '/quality' };
const browser = await open();
let bytes = 0;
for (const [width, height] of [[1280, 700], [390, 640]]) {
  for (const language of ['zh', 'en']) {
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(language === 'zh' ? { ...pages, ...tables } : pages)) {
      await page.setViewportSize({ width, height: name in tables ? 1000 : height }); // what is drawn stands lower
      await page.goto(`${site}/${language}${path}`, { waitUntil: 'load' });
      const file = `${folder}/${name}-${width}-${language}.png`;
      const png = smaller(await page.screenshot());
      writeFileSync(file, png);
      bytes += png.length;
      console.log(`${file} ${png.length}`);
    }
    await context.close();
  }
}
await browser.close();
console.log(`${bytes} bytes in all`);
if (bytes > MOST_BYTES) throw new Error(`the pictures have more than ${MOST_BYTES} bytes together`);
