import type { DependencyEdge } from '../analysis/dependency-edge.ts';
import type { DependencyNode } from '../analysis/dependency-node.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import { narrowText } from './clean-text.ts';
import { formatCount } from './format-count.ts';

/** The dependency graph for Graphviz: nodes shaped by type, edges labelled with calls and errors, dashed where they are only inferred. */
export function dependenciesDot({ nodes, edges }: ServiceDependencies): string {
  return [
    'digraph dependencies {',
    '  rankdir=LR;',
    ...nodes.map(
      ({ id, type, name }) =>
        `  ${dotText(id)} [label=${dotText(name)}, shape=${DOT_SHAPES[type]}];`,
    ),
    ...edges.map((edge) => {
      const style = isOnlyInferred(edge) ? ', style=dashed' : '';
      return `  ${dotText(edge.source)} -> ${dotText(edge.target)} [label=${dotText(edgeLabel(edge))}${style}];`;
    }),
    '}',
    '',
  ].join('\n');
}

const DOT_SHAPES: Readonly<Record<DependencyNode['type'], string>> = {
  user: 'oval',
  external: 'oval',
  service: 'box',
  messaging: 'cds',
  database: 'cylinder',
};

/** A quoted string of the DOT language, in which only quotes and backslashes mean anything. */
function dotText(text: string): string {
  return `"${narrowText(text).replace(/[\\"]/g, '\\$&')}"`;
}

/** The dependency graph for Mermaid, as Markdown viewers draw it. Nodes are numbered, since names may be anything. */
export function dependenciesMermaid({ nodes, edges }: ServiceDependencies): string {
  const numbers = new Map(nodes.map(({ id }, index) => [id as string, `n${index}`]));
  const numberOf = (id: string) => numbers.get(id) ?? 'n';
  return [
    'flowchart LR',
    ...nodes.map(({ id, type, name }) => {
      const [open, close] = MERMAID_SHAPES[type];
      return `  ${numberOf(id)}${open}${mermaidText(name)}${close}`;
    }),
    ...edges.map((edge) => {
      const arrow = isOnlyInferred(edge) ? '-.->' : '-->';
      return `  ${numberOf(edge.source)} ${arrow}|${mermaidText(edgeLabel(edge))}| ${numberOf(edge.target)}`;
    }),
    '',
  ].join('\n');
}

const MERMAID_SHAPES: Readonly<Record<DependencyNode['type'], readonly [string, string]>> = {
  user: ['([', '])'],
  external: ['([', '])'],
  service: ['[', ']'],
  messaging: ['>', ']'],
  database: ['[(', ')]'],
};

/** A quoted text with Mermaid's entity codes for what would end it or be taken for HTML. */
function mermaidText(text: string): string {
  const safe = narrowText(text).replace(/[#"<>&]/g, (sign) => `#${sign.charCodeAt(0)};`);
  return `"${safe}"`;
}

function edgeLabel({ calls, errors }: DependencyEdge): string {
  const text = formatCount(calls, 'call');
  return errors > 0 ? `${text}, ${errors.toLocaleString('en')} failed` : text;
}

function isOnlyInferred({ calls, inferred }: DependencyEdge): boolean {
  return Object.values(inferred).reduce((sum, count) => sum + count, 0) === calls;
}
