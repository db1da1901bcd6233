/** The pictures of a claim are of the Composition as it is: what hangs together there hangs together here. */
import { App, Chart } from 'cdk8s';
import { describe, expect, test } from '@jest/globals';
import { Composition } from '../../../src/definition/composition.js';
import { compositionPictures } from '../../../src/definition/documents/composition-pictures.js';
import { lookups, mentions, waits, type Tie } from '../../../src/definition/documents/ties.js';

const { templates } = new Composition(new Chart(new App(), 'test'), 'cluster').resources;
const content = compositionPictures().render();
const pictures = [...content.matchAll(/```mermaid\n([^]*?)```/g)].map(([, text]) => text ?? '');

const pairs = (ties: readonly Tie[]) => ties.map(({ from, to }) => `${from.name} > ${to.name}`);

describe('ties', () => {
  test.each([
    ['waits for', waits, 'alarm-lambda-errors-primary > topic-primary'],
    ['waits for', waits, 'bucket-replication-primary > bucket-versioning-secondary'],
    ['waits for', waits, 'topic-policy-secondary > function-role'],
    ['looks up', lookups, 'function-secondary > function-role'],
    ['looks up', lookups, 'bucket-lifecycle-primary > bucket-primary'],
    ['knows by name', mentions, 'function-primary > table'],
    ['knows by name', mentions, 'bucket-replication-secondary > bucket-primary'],
    ['knows by name', mentions, 'alarm-lambda-errors-secondary > function-secondary'],
  ])('one %s another', (_, ties, pair) => {
    expect(pairs(ties(templates))).toContain(pair);
  });

  test('lead nowhere in a circle: everything can be made in some order', () => {
    const ties = [...waits(templates), ...lookups(templates)];
    const made = new Set<string>();
    for (const _ of templates) {
      for (const { name } of templates) {
        if (ties.every(({ from, to }) => from.name !== name || made.has(to.name))) made.add(name);
      }
    }
    expect(made.size).toBe(templates.length);
  });
});

describe('the page', () => {
  test('lists every resource', () => {
    const rows = content.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1])).toEqual(templates.map(({ name }) => name));
  });

  test.each([0, 1])('draws arrows between boxes that are there (picture %i)', (index) => {
    const picture = pictures[index] ?? '';
    const boxes = new Set([...picture.matchAll(/^ {4}(\w+)\[/gm)].map(([, box]) => box));
    const ends = [...picture.matchAll(/^ {2}(\w+) (?:-->|-\.->|<-->) (\w+)$/gm)];
    const named = picture.match(/^ {2}\w+ <?-.*$/gm) ?? [];
    expect(named.length).toBeGreaterThan(20);
    expect(ends.length).toBe(named.length);
    expect(ends.flatMap(([, from, to]) => [from, to]).filter((end) => !boxes.has(end))).toEqual([]);
  });

  test('draws the copy of the table where its readers are', () => {
    expect(pictures[0]).toContain('secondary_function_secondary --> replica_table');
    expect(pictures[0]).toContain('primary_table <--> replica_table');
  });
});
