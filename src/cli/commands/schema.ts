import { UserError } from '../../model/user-error.ts';
import analyze from '../../report/schemas/analyze.schema.json' with { type: 'json' };
import baseline from '../../report/schemas/baseline.schema.json' with { type: 'json' };
import compare from '../../report/schemas/compare.schema.json' with { type: 'json' };
import config from '../../report/schemas/config.schema.json' with { type: 'json' };
import diff from '../../report/schemas/diff.schema.json' with { type: 'json' };
import explain from '../../report/schemas/explain.schema.json' with { type: 'json' };
import explorerConfig from '../../report/schemas/explorer-config.schema.json' with { type: 'json' };
import importSchema from '../../report/schemas/import.schema.json' with { type: 'json' };
import noise from '../../report/schemas/noise.schema.json' with { type: 'json' };
import query from '../../report/schemas/query.schema.json' with { type: 'json' };
import rules from '../../report/schemas/rules.schema.json' with { type: 'json' };
import show from '../../report/schemas/show.schema.json' with { type: 'json' };
import sql from '../../report/schemas/sql.schema.json' with { type: 'json' };
import storeCheck from '../../report/schemas/store-check.schema.json' with { type: 'json' };
import storeInfo from '../../report/schemas/store-info.schema.json' with { type: 'json' };
import storePrune from '../../report/schemas/store-prune.schema.json' with { type: 'json' };
import storeVacuum from '../../report/schemas/store-vacuum.schema.json' with { type: 'json' };
import traces from '../../report/schemas/traces.schema.json' with { type: 'json' };
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { nearestName } from '../nearest-name.ts';

const SCHEMAS: ReadonlyMap<string, object> = new Map<string, object>([
  ['analyze', analyze],
  ['explorer-config', explorerConfig],
  ['baseline', baseline],
  ['compare', compare],
  ['config', config],
  ['diff', diff],
  ['explain', explain],
  ['import', importSchema],
  ['noise', noise],
  ['query', query],
  ['rules', rules],
  ['show', show],
  ['sql', sql],
  ['store-check', storeCheck],
  ['store-info', storeInfo],
  ['store-prune', storePrune],
  ['store-vacuum', storeVacuum],
  ['traces', traces],
]);

/** Prints the JSON Schema of an output, or of the configuration. */
export function schema(io: Io, name: string): number {
  const document = SCHEMAS.get(name);
  if (document === undefined) {
    const nearest = nearestName(name, [...SCHEMAS.keys()]);
    throw new UserError('usage', `there is no schema of "${name}"`, {
      where: [`documents: ${[...SCHEMAS.keys()].join(', ')}`],
      ...(nearest && { fix: `tracecli schema ${nearest}` }),
    });
  }
  io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  return EXIT.done;
}
