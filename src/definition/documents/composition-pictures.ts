/** `docs/composition.md`: what a claim is made of, drawn from the Composition itself. */
import { App, Chart } from 'cdk8s';
import { SITE_LABEL } from '../../model/labels.js';
import { Composition } from '../composition.js';
import type { WrittenFile } from '../generated-file.js';
import type { Template } from '../template/template.js';
import { code, page, table } from './markdown.js';
import { lookups, mentions, namedBy, waits, type Tie } from './ties.js';

/** Policies name nearly everything, which is their work: drawn, they would hide the rest. */
const POLICIES = 'Policy';

/** Settings of a bucket: each is a resource of its own to Crossplane, and to a reader a property of the bucket. */
const SETTINGS = /^Bucket.+(?<!Replication)Configuration$|^Bucket(Versioning|PublicAccessBlock)$/;

const PLACES = ['primary', 'secondary', 'global'] as const;
type Place = (typeof PLACES)[number];

export function compositionPictures(): WrittenFile {
  const { templates } = new Composition(new Chart(new App(), 'pictures'), 'cluster').resources;
  return page({
    path: 'docs/composition.md',
    source: 'src/definition/documents/composition-pictures.ts',
    content: [
      '# What a claim is made of',
      `${templates.length} resources, drawn from \`compositions/\`. Where it says 6 × MetricAlarm, six hang together in the same way. The namespaced form composes the same.`,
      '## Who speaks to whom',
      'An arrow: this one is told the name of that one, or its ARN. The function writes to the table and the bucket of its own region; an alarm watches, and tells the topic of its own region. Policies and settings are left out.',
      picture(
        templates.filter(
          ({ definition: { kind } }) => !kind.endsWith(POLICIES) && !SETTINGS.test(kind),
        ),
        (drawn) => [...mentions(drawn), ...waits(drawn), ...lookups(drawn)],
      ),
      '## What waits for what',
      'A full arrow: this one is not composed before that one has reported something (`status.waitsFor` tells while it is so). A dotted one: the provider looks that one up and waits until it is there. What has no arrow is made at once.',
      picture(templates, waits, lookups),
      '## All of them',
      table(
        ['resource', 'kind', 'name in AWS, or of what it belongs to', 'where'],
        templates.map((template) => [
          code(template.name),
          template.definition.kind,
          code(namedBy(template)),
          placeOf(template),
        ]),
      ),
    ].join('\n\n'),
  });
}

type Ties = (templates: readonly Template[]) => readonly Tie[];

/** Mermaid, which GitHub draws: the resources by region, those that hang together alike as one box. */
function picture(templates: readonly Template[], full: Ties, dotted: Ties = () => []): string {
  const boxes = PLACES.map((place) => {
    const here = templates.filter((template) => placeOf(template) === place);
    const inside = [...new Set(here.map(boxOf))].map((box) => {
      const members = here.filter((template) => boxOf(template) === box);
      return `    ${box}["${labelOf(members)}"]`;
    });
    const copies = templates
      .filter((template) => hasReplica(template) && place === 'secondary')
      .map(
        (template) => `    ${replicaBoxOf(template)}["replica of the ${template.definition.kind}"]`,
      );
    return [`  subgraph ${place}`, ...inside, ...copies, '  end'].join('\n');
  });
  const replication = templates
    .filter(hasReplica)
    .map((template) => `  ${boxOf(template)} <--> ${replicaBoxOf(template)}`);
  const arrows = [
    ...full(templates).map((tie) => arrow(tie, '-->')),
    ...dotted(templates).map((tie) => arrow(tie, '-.->')),
  ];
  return ['```mermaid', 'flowchart LR', ...boxes, ...replication, ...new Set(arrows), '```'].join(
    '\n',
  );
}

/** Whoever is in the other region speaks to the replica there. */
function arrow({ from, to }: Tie, line: string): string {
  const target = hasReplica(to) && placeOf(from) === 'secondary' ? replicaBoxOf(to) : boxOf(to);
  return `  ${boxOf(from)} ${line} ${target}`;
}

/** The alarms of a region are one box: what they have in common is what they are and whom they tell. */
function boxOf(template: Template): string {
  const { kind } = template.definition;
  return `${placeOf(template)}_${kind === 'MetricAlarm' ? 'alarms' : template.name.replaceAll('-', '_')}`;
}

function replicaBoxOf(template: Template): string {
  return `replica_${template.name}`;
}

function labelOf([first, ...others]: readonly Template[]): string {
  if (first === undefined) return '';
  const { kind } = first.definition;
  if (others.length > 0) return `${others.length + 1} × ${kind}`;
  return placeOf(first) === 'global' ? `${kind}: ${first.name}` : kind;
}

/** A table says itself where its copies are; they are no resources of their own. */
function hasReplica({ forProvider }: Template): boolean {
  return typeof forProvider === 'object' && forProvider !== null && 'replica' in forProvider;
}

function placeOf(template: Template): Place {
  if (template.definition.forProvider.properties.region === undefined) return 'global';
  return template.labels[SITE_LABEL] === 'primary' ? 'primary' : 'secondary';
}
