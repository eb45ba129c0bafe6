import { Chalk } from 'chalk';
import { renderText } from '../../src/report/render-table.ts';
import type { Section } from '../../src/report/report.ts';

/** The lines of a section as a terminal of `width` cells shows them, without colours. */
export function sectionLines(section: Section | null, width = 120): string[] {
  const sections = section === null ? [] : [section];
  const paint = new Chalk({ level: 0 });
  return renderText({ sections }, { width, wraps: true, paint }).trimEnd().split('\n');
}
