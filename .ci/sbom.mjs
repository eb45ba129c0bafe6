// Prints what is shipped as a CycloneDX document: the packages that the bundle has code of, and those that are installed with it. npm knows
// them all; what npm makes up anew each time (serial number, time) is left out, so that the same lockfile gives the same bytes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundled } from './build.mjs';
import { idOf } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function sbom(...more) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', ...more];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  if (status === 0) return JSON.parse(stdout);
  process.stderr.write(`npm sbom failed; it needs npm 9.9 or later\n${stderr}`);
  process.exit(1);
}

const byCodeUnit = (a, b) => (a < b ? -1 : Number(a > b));

const { serialNumber: _, ...document } = sbom();
const { timestamp: __, tools: ___, ...metadata } = document.metadata;
const installed = sbom('--omit', 'dev').components;
const shipped = new Set([...bundled, ...installed].map(idOf));
const components = document.components
  .filter((component) => shipped.has(idOf(component)))
  .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
const refs = new Set([metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
const dependencies = document.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({
    ref,
    dependsOn: dependsOn.filter((on) => refs.has(on)).sort(byCodeUnit),
  }))
  .sort((a, b) => (a.ref < b.ref ? -1 : 1));
process.stdout.write(
  `${JSON.stringify({ ...document, metadata, components, dependencies }, null, 2)}\n`,
);
