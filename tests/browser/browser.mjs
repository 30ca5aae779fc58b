// The system's Chromium, quiet and confined to the site under test.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const SITE = process.env.SITE_URL;

export async function open() {
  const paths = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const executablePath = paths.find((p) => p && existsSync(p));
  if (!executablePath) throw new Error('no Chromium: script/bootstrap test installs it, or name it in CHROMIUM');
  const args = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-extensions', '--disable-dev-shm-usage', '--force-color-profile=srgb'];
  if (process.getuid() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, args, headless: true });
}

// A page that notes every complaint: console errors, exceptions, CSP reports, requests elsewhere, failed loads.
export async function watched(context) {
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) complaints.push(`console: ${m.text()}`); });
  page.on('pageerror', (e) => complaints.push(`exception: ${e.message}`));
  page.on('requestfailed', (r) => {
    // The grid gives windows of rows up when the reader moves on.
    if (!(r.url().includes('cells=1') && r.failure()?.errorText === 'net::ERR_ABORTED')) complaints.push(`failed: ${r.url()} ${r.failure()?.errorText}`);
  });
  page.on('request', (r) => {
    const url = r.url();
    if (!url.startsWith(SITE + '/') && !url.startsWith('data:') && !url.startsWith('about:')) complaints.push(`request elsewhere: ${url}`);
  });
  return { page, complaints: () => complaints.splice(0) };
}

// Counts checks; prints what failed; the last line is what script/test reads.
export class Tally {
  passed = 0;
  failed = 0;

  check(what, problems) {
    const list = Array.isArray(problems) ? problems : problems ? [] : ['it is not so'];
    if (list.length === 0) { this.passed++; return; }
    this.failed++;
    console.log(`FAILED ${what}`);
    for (const p of list.slice(0, 8)) console.log(`   ${p}`);
  }

  async step(what, work) {
    try {
      await work();
      this.passed++;
    } catch (e) {
      this.failed++;
      console.log(`FAILED ${what}\n   ${e.message.split('\n').slice(0, 6).join('\n   ')}`);
    }
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed ? 1 : 0);
  }
}
