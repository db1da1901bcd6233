/** How the resources of a Composition hang together, read from their templates: the pictures are drawn of it. */
import type { Patch } from '../template/patches.js';
import { foundBy } from '../template/selectors.js';
import type { Template } from '../template/template.js';

export interface Tie {
  readonly from: Template;
  readonly to: Template;
}

/** `from` cannot be made before `to` has said something of itself: an ARN, the account, that versions are kept. */
export function waits(templates: readonly Template[]): Tie[] {
  const reporters = new Map(
    templates.flatMap((template) => reportedBy(template).map((field) => [field, template])),
  );
  return templates.flatMap((from) => {
    const awaited = new Set(requiredBy(from).flatMap((field) => reporters.get(field) ?? []));
    return [...awaited].map((to) => ({ from, to }));
  });
}

/** `from` finds `to` by its labels; the provider waits until it is there. */
export function lookups(templates: readonly Template[]): Tie[] {
  return templates.flatMap((from) => foundBy(from, templates).map((to) => ({ from, to })));
}

/** `from` is told the name of `to`: the function its table and its bucket, an alarm what it watches. */
export function mentions(templates: readonly Template[]): Tie[] {
  return templates.flatMap((from) => {
    const texts = patchesOf(from).flatMap(textsIn);
    return templates
      .filter((to) => to.definition.externalName === 'given' && to !== from)
      .filter((to) => texts.some((text) => text.includes(namedBy(to))))
      .map((to) => ({ from, to }));
  });
}

/** The name in AWS, with fields of the claim in braces: `payments-table-{environmentSuffix}`. */
export function namedBy(template: Template): string {
  const [name = ''] = template
    .render()
    .patches.filter(({ toFieldPath }) => toFieldPath === 'metadata.name')
    .flatMap(textsIn);
  return name;
}

/** Fields of the status that a template needs before it makes anything. */
function requiredBy(template: Template): string[] {
  return template
    .render()
    .patches.filter(isRequired)
    .flatMap(readBy)
    .filter((field) => field.startsWith('status.'));
}

function reportedBy(template: Template): string[] {
  return template
    .render()
    .patches.flatMap((patch) => (patch.type === 'ToCompositeFieldPath' ? [patch.toFieldPath] : []));
}

function isRequired(patch: Patch): boolean {
  return patch.policy?.fromFieldPath === 'Required';
}

function readBy(patch: Patch): string[] {
  if (patch.type === 'CombineFromComposite')
    return patch.combine.variables.map(({ fromFieldPath }) => fromFieldPath);
  return patch.type === 'FromCompositeFieldPath' ? [patch.fromFieldPath] : [];
}

/** What is written into the resource itself, its own name aside. */
function patchesOf(template: Template): readonly Patch[] {
  return template.render().patches.filter(({ toFieldPath }) => toFieldPath.startsWith('spec.'));
}

function textsIn(patch: Patch): string[] {
  if (patch.type !== 'CombineFromComposite') return [];
  const fields = patch.combine.variables.map(({ fromFieldPath }) =>
    fromFieldPath.split('.').at(-1),
  );
  let next = 0;
  const text = patch.combine.string.fmt
    .replaceAll('%%', '%')
    .replaceAll('%s', () => `{${fields[next++] ?? ''}}`);
  return [text];
}
