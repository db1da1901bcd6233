/** What `payments-dr render` does. */
import { compose, templateOf, type Composed } from '../../claims/composition/compose.js';
import { claimResource } from '../../claims/contract/claim-resource.js';
import { readDefinition } from '../../claims/contract/definition-files.js';
import { readManifestFiles } from '../../claims/manifests/manifest-files.js';
import type { ValidClaim } from '../../claims/validation/validate.js';
import { apiVersionOf } from '../../model/claim/api.js';
import { CLAIM_NAME_LABEL, CLAIM_NAMESPACE_LABEL } from '../../model/labels.js';
import type { Form } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult, printText, toYaml } from '../output/print.js';
import { tableOf } from '../output/table.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { regionOf } from '../view/claim-tree.js';
import { readValidClaims } from './valid-claims.js';

export interface RenderOptions {
  readonly filename: readonly string[];
  readonly observed?: string;
  readonly withComposite?: boolean;
  readonly form?: Form;
  readonly output: OutputForm;
}

export async function render({
  filename,
  observed,
  withComposite,
  form,
  output,
}: RenderOptions): Promise<void> {
  const claims = await readValidClaims(filename);
  const seen = observed === undefined ? [] : await readObserved(observed);
  const rendered: Composed[] = [];
  for (const claim of claims) {
    const composed = await composeClaim(claim, form ?? claim.form, seen);
    noteWaiting(claim, composed, observed !== undefined);
    rendered.push(composed);
  }
  const objects = rendered.flatMap(({ composite, resources }) => [
    ...(withComposite === true ? [composite] : []),
    ...resources.map(({ object }) => object),
  ]);
  if (output === 'yaml') {
    printText(objects.map(toYaml).join('---\n'));
    return;
  }
  printResult(output, { apiVersion: 'v1', kind: 'List', items: objects }, (isWide) =>
    tableFor(rendered, isWide),
  );
}

async function composeClaim(
  { object, defaulted }: ValidClaim,
  form: Form,
  seen: readonly KubernetesObject[],
): Promise<Composed> {
  const { composition, definition } = await readDefinition(PACKAGE_DIR, form);
  const body = { ...object, apiVersion: apiVersionOf(form) };
  const subject =
    defaulted.apiVersion === body.apiVersion
      ? defaulted
      : claimResource(definition).readBody({ ...body }).object;
  const { name, namespace = 'default' } = subject.metadata;
  const own = seen.filter((one) => isOf(one, { name: name ?? '', namespace }));
  return compose({
    subject: { ...subject, metadata: { ...subject.metadata, namespace } },
    composition,
    observed: own,
  });
}

/** A resource that bears the labels of another claim is not this one's. */
function isOf({ metadata }: KubernetesObject, claim: { name: string; namespace: string }): boolean {
  const { labels = {} } = metadata;
  const of = labels[CLAIM_NAME_LABEL] ?? claim.name;
  const within = labels[CLAIM_NAMESPACE_LABEL] ?? metadata.namespace ?? claim.namespace;
  return of === claim.name && within === claim.namespace;
}

async function readObserved(path: string): Promise<KubernetesObject[]> {
  const manifests = await readManifestFiles([path]);
  for (const { file, faults } of manifests) {
    const [fault] = faults;
    if (fault !== undefined) {
      throw new PdrError('PDR1010', {
        subject: `${file}:${fault.line}:${fault.column}`,
        detail: fault.message,
      });
    }
  }
  const objects = manifests.flatMap(({ objects: found }) =>
    found.map(({ value }) => value as KubernetesObject),
  );
  const [composed, others] = [
    objects.filter(isComposed),
    objects.filter((one) => !isComposed(one)),
  ];
  for (const { kind, metadata } of others) {
    note(
      `${path}: skipped ${kind} ${metadata.name ?? ''}: no composed resource (it lacks the annotation crossplane.io/composition-resource-name)`,
    );
  }
  return composed;
}

function isComposed(object: KubernetesObject): boolean {
  return templateOf(object) !== undefined;
}

function noteWaiting(
  { object }: ValidClaim,
  { waiting, resources, passes }: Composed,
  wasObserved: boolean,
): void {
  const subject = object.metadata.name ?? '';
  const after = wasObserved && passes > 1 ? ` after ${passes} passes` : '';
  note(
    `${subject}: ${resources.length} resources${after}${waiting.length === 0 ? '' : `, ${waiting.length} more wait`}`,
  );
  for (const { template, kind, for: awaited } of waiting) {
    const what = awaited.map(({ field, from }) =>
      from === undefined ? field : `${field}, which ${from} reports`,
    );
    note(`  ${kind} ${template} waits for ${what.join(' and ') || 'the composite'}`);
  }
}

function tableFor(rendered: readonly Composed[], isWide: boolean): string {
  const rows = rendered.flatMap(({ resources }) =>
    resources.map(({ template, object, isReady }) => [
      object.kind,
      object.metadata.name ?? `${object.metadata.generateName ?? ''}…`,
      regionOf(object),
      ...(isWide ? [object.apiVersion, template, isReady ? 'yes' : 'no'] : []),
    ]),
  );
  return tableOf(
    ['KIND', 'NAME', 'REGION', ...(isWide ? ['APIVERSION', 'TEMPLATE', 'READY'] : [])],
    rows,
  );
}
