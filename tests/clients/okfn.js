/* The npm client `ckan` reads the site: node okfn.js ADDRESS. Prints one JSON document of what it saw. */
const { Client } = require('ckan');

const client = new Client(process.argv[2]);
const call = (name, data) => new Promise((resolve, reject) =>
  client.action(name, data, (err, out) => (err ? reject(err) : resolve(out.result))));

async function everything() {
  const names = [];
  for (let start = 0; ; start += 100) {
    const page = await call('dataset_search', { q: '', rows: 100, start, sort: 'name asc' });
    if (page.results.length === 0) return names;
    names.push(...page.results.map((p) => p.name));
  }
}

async function main() {
  const seen = { status: await call('status_show', {}), list: await call('dataset_list', {}), paged: await everything() };
  seen.show = await call('dataset_show', { id: seen.list[0] });
  seen.search = await call('dataset_search', { q: '', rows: 5, 'facet.field': ['organization', 'res_format'], 'facet.limit': -1 });
  seen.organizations = await call('organization_list', { all_fields: true });
  seen.groups = await call('group_list', {});
  seen.tags = await call('tag_list', {});
  seen.error = await call('dataset_show', { id: 'there-is-no-such-thing' }).then(() => null, (e) => e);
  console.log(JSON.stringify(seen));
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
