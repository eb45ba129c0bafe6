// Which packages a bundle has code of, and the notices that their licences ask to be passed on.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Each package once, by name and version: `{ name, version, license, text }`. */
export function bundledPackages(metafile, root) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
      if (folder !== undefined && bytesInOutput > 0) folders.add(path.resolve(root, folder));
    }
  }
  const packages = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    return { name, version, license, text: licenceText(folder) };
  });
  return packages.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

export function noticesOf(packages) {
  const notices = packages.map((each) => `${idOf(each)} (${each.license})\n\n${each.text}\n`);
  return `tracecli contains code of these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

export function idOf({ name, version }) {
  return `${name}@${version}`;
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').trim();
}
