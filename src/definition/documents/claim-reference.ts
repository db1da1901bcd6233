/** `docs/claim-reference.md`: every field of a claim, what it takes, and the words in which anything else is refused. */
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { SPEC } from '../../model/claim/spec.js';
import { STATUS } from '../../model/claim/status.js';
import { PAUSED } from '../../model/conditions.js';
import { ENVIRONMENT_GRANT_PREFIX } from '../../model/labels.js';
import { isMap, isObject } from '../../model/paths.js';
import type { Schema } from '../../model/schema.js';
import { PRINTER_COLUMNS } from '../composite-definition.js';
import type { WrittenFile } from '../generated-file.js';
import {
  boundsOf,
  fieldsBelow,
  isTransition,
  manyValuesOf,
  rulesOf,
  type Field,
} from './fields.js';
import { code, page, table } from './markdown.js';

const { cluster, namespaced } = CLAIM_API;

const FORMS = `## Two forms

| | \`${cluster.group}\` | \`${namespaced.group}\` |
| --- | --- | --- |
| applied | \`kind: ${cluster.claim.kind}\`, a claim in a namespace | \`kind: ${namespaced.composite.kind}\`, the composite itself in a namespace |
| apiVersion | \`${apiVersionOf('cluster')}\` | \`${apiVersionOf('namespaced')}\` |
| short name | \`kubectl get ${cluster.claim.shortNames[0]}\` | \`kubectl get ${namespaced.composite.shortNames[0]}\` |
| Crossplane makes of it | \`${cluster.composite.kind}\`, cluster-scoped; resources of \`*.aws.upbound.io\`, cluster-scoped | resources of \`*.aws.m.upbound.io\`, in the same namespace |
| credentials | \`ProviderConfig\` | \`ClusterProviderConfig\` |
| before the first one | nothing | the namespace needs the label \`${ENVIRONMENT_GRANT_PREFIX}<environmentSuffix>=granted\` ([why](decisions/0003-one-namespace-for-each-environment.md)) |
| Crossplane's own fields | in \`spec\`: \`compositionRef\`, \`compositionUpdatePolicy\`, \`compositeDeletePolicy\`, … | in \`spec.crossplane\` |

All of our fields are the same in both. \`examples/claim.yaml\` and \`examples/claim-namespaced.yaml\` have one of each. The two cannot be
converted into each other: a claim of the other form with the same \`environmentSuffix\` meets the AWS resources of the first.`;

const CONDITIONS = `## Conditions

\`kubectl describe pdr NAME\` shows them; \`kubectl wait pdr/NAME --for=condition=Ready\` waits for one.

| type | status | reason | meaning |
| --- | --- | --- | --- |
| \`Synced\` | \`True\` | \`ReconcileSuccess\` | Crossplane could do what the claim asks |
| \`Synced\` | \`False\` | \`ReconcileError\` | it could not; the message says why, and **nothing is changed any more**, while \`Ready\` keeps what it was |
| \`Synced\` | \`False\` | \`${PAUSED}\` | somebody set the annotation \`crossplane.io/paused: "true"\` |
| \`Ready\` | \`True\` | \`Available\` | every resource is there, in both regions |
| \`Ready\` | \`False\` | \`Creating\`, \`Waiting\` | some are not yet: \`status.waitsFor\` says for what, \`payments-dr status NAME\` shows which |
| \`Ready\` | \`False\` | \`Deleting\` | the claim is going |

A resource below it has the same two. The claim's own \`Synced\` speaks of the claim alone: a composite that is not synced is seen by
\`payments-dr status\`, which looks at all of them. What to do in each case: [faq.md](faq.md).`;

const COLUMNS = `## Columns of \`kubectl get\`

${table(
  ['column', 'from'],
  [
    ...PRINTER_COLUMNS.map(({ name, jsonPath }) => [name, code(jsonPath.slice(1))]),
    ['SYNCED, READY, AGE', "Crossplane's own; CONNECTION-SECRET is empty, for a claim has none"],
  ],
)}`;

const OUTPUTS = `## Outputs

\`payments-dr outputs NAME\` prints names and ARNs out of the status under names that do not change: \`accountId\`, \`tableName\`, and for each of
\`primary\` and \`secondary\` its \`…Region\`, \`…FunctionName\`, \`…FunctionArn\`, \`…TableArn\`, \`…TableStreamArn\`, \`…BucketName\`, \`…BucketArn\` and
\`…TopicArn\`. With \`-o env\` they are lines for a shell (\`PAYMENTS_PRIMARY_FUNCTION_ARN='…'\`), with \`-o json\` one object.`;

const INTRODUCTION = `# The claim, field by field

${SPEC.description} The same is told by \`kubectl explain pdr.spec --recursive\`; \`payments-dr validate -f FILE\` holds a file against it
without a cluster, and \`payments-dr init\` asks for what is needed.

**fixed** means: cannot be changed once the claim is there. A default in **bold** is none: the field is required.`;

export function claimReference(): WrittenFile {
  return page({
    path: 'docs/claim-reference.md',
    source: 'src/definition/documents/claim-reference.ts',
    content: [
      INTRODUCTION,
      FORMS,
      '## spec',
      ...Object.entries(SPEC.properties).map(([name, schema]) => section(name, schema)),
      refusals('### Rules over several fields', [
        { path: 'spec', schema: SPEC, isRequired: true, isImmutable: false },
      ]),
      CONDITIONS,
      COLUMNS,
      statusSection(),
      OUTPUTS,
    ].join('\n\n'),
  });
}

function section(name: string, schema: Schema): string {
  const path = `spec.${name}`;
  const isRequired = (SPEC.required as readonly string[]).includes(name);
  const fields = fieldsBelow(path, schema, { isRequired });
  const [, ...below] = fields;
  const values = new Set(fields.map((field) => manyValuesOf(field.schema).join(', ')));
  return [
    `### ${path}`,
    // Of an object the fields have the rows, and it has these words.
    isObject(schema) ? `${schema.description ?? ''}${isRequired ? ' **Required.**' : ''}` : '',
    table(
      ['field', 'type', 'default', 'bounds', '', 'meaning'],
      (isObject(schema) ? below : fields).map(fieldRow),
    ),
    ...[...values].map((list) => (list === '' ? '' : `One of: ${list}.`)),
    refusals('', fields),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function fieldRow({ path, schema, isRequired, isImmutable }: Field): string[] {
  return [
    code(path.replace(/^spec\./, '')),
    typeOf(schema),
    isRequired ? '**required**' : defaultOf(schema),
    boundsOf(schema),
    isImmutable ? 'fixed' : '',
    schema.description ?? '',
  ];
}

function typeOf(schema: Schema): string {
  return isMap(schema) ? 'map' : schema.type;
}

function defaultOf(schema: Schema): string {
  if (schema.default === undefined) return 'none';
  // Each field of an object has a row with its own.
  return isObject(schema) ? 'as below' : code(JSON.stringify(schema.default).replaceAll('"', ''));
}

/** Rules and their words, as the API server says them; what several fields have alike is said once. */
function refusals(heading: string, fields: readonly Field[]): string {
  const found = new Map<string, string[]>();
  for (const { path, schema } of fields) {
    for (const rule of rulesOf(schema)) {
      const says = `${isTransition(rule) ? ' (on a change)' : ''}: ${rule.message}`;
      found.set(says, [...(found.get(says) ?? []), `${path}${rule.fieldPath ?? ''}`]);
    }
  }
  if (found.size === 0) return '';
  const lines = [...found].map(([says, [first = '', ...others]]) => {
    const alike = others.length === 0 ? '' : ` and ${others.length} like it`;
    return `- ${code(first)}${alike}${says}`;
  });
  const title = heading === '' ? [] : [heading];
  return [...title, 'Refused, in these words:', lines.join('\n')].join('\n\n');
}

function statusSection(): string {
  const rows = fieldsBelow('status', STATUS)
    .filter(({ schema }) => !isObject(schema))
    .map(({ path, schema }) => [
      code(path.replace(/^status\./, '')),
      typeOf(schema),
      schema.description ?? '',
    ]);
  return [
    '## status',
    `${STATUS.description} \`waitsFor\`: ${STATUS.properties.waitsFor.description}`,
    table(['field', 'type', 'meaning'], rows),
  ].join('\n\n');
}
