/** The values of a form: a tree of which empty fields are no part, so that the manifest says only what somebody chose. */
import type { FieldFault, FieldSchema } from '../contract.js';

export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy in which the field at `path` has this value; undefined takes it out, and what it leaves empty with it. */
export function withValue(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [field, ...rest] = path;
  if (field === undefined) return tree;
  const inner = tree[field];
  const next = rest.length === 0 ? value : withValue(isTree(inner) ? inner : {}, rest, value);
  const { [field]: _replaced, ...others } = tree;
  const isEmpty = next === undefined || (isTree(next) && Object.keys(next).length === 0);
  return isEmpty ? others : { ...tree, [field]: next };
}

export function valueAt(tree: Tree, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, field) => (isTree(value) ? value[field] : undefined), tree);
}

/** What somebody made of `base`, made of `theirs` instead: the fields that `mine` has changed, and theirs for all others. */
export function rebased(base: Tree, mine: Tree, theirs: Tree): Tree {
  return Object.keys({ ...theirs, ...mine }).reduce((merged: Tree, field) => {
    const [was, now, other] = [base[field], mine[field], theirs[field]];
    if (isTree(was) && isTree(now) && isTree(other)) {
      return withValue(merged, [field], rebased(was, now, other));
    }
    const isChanged = JSON.stringify(was) !== JSON.stringify(now);
    return withValue(merged, [field], isChanged ? now : other);
  }, {});
}

/** Each fault at the field of the form that it can be mended in: one of a tag at the tags, one of an unknown field above it. */
export function placed(faults: readonly FieldFault[], schema: FieldSchema): FieldFault[] {
  return faults.map((fault) => {
    const [root, ...names] = fault.field.split(/[.[\]]+/).filter((name) => name !== '');
    if (root !== 'spec') return fault;
    const path = [root];
    let at = schema;
    for (const name of names) {
      const inner = at.properties?.[name];
      if (inner === undefined) break;
      at = inner;
      path.push(name);
    }
    const rest = names.slice(path.length - 1).join('.');
    const message = rest === '' ? fault.message : `${rest}: ${fault.message}`;
    return { field: path.join('.'), message };
  });
}

/** What the schema's bounds say at once; its rules and everything else the API server says a moment later. */
export function boundFaults(
  schema: FieldSchema,
  value: unknown,
  path: string,
  isRequired = true,
): FieldFault[] {
  const fault = (message: string) => [{ field: path, message }];
  if (schema.type === 'object' && schema.properties !== undefined) {
    if (value === undefined && !isRequired) return [];
    const tree = isTree(value) ? value : {};
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      boundFaults(inner, tree[name], `${path}.${name}`, schema.required?.includes(name) === true),
    );
  }
  if (value === undefined) {
    return isRequired && schema.default === undefined ? fault('this has to be filled in') : [];
  }
  if (typeof value === 'string') {
    const { minLength = 0, maxLength = Infinity } = schema;
    if (schema.type === 'integer' || schema.type === 'number') return fault('write a number');
    if (value.length < minLength) return fault(`at least ${minLength} characters`);
    if (value.length > maxLength)
      return fault(`at most ${maxLength} characters; these are ${value.length}`);
  }
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    if (schema.type === 'integer' && !Number.isInteger(value)) return fault('write a whole number');
    if (value < minimum || value > maximum) return fault(`from ${minimum} to ${maximum}`);
  }
  return [];
}

/** Cannot be changed once the claim is made: the schema says so by this rule. */
export function isFixed(schema: FieldSchema): boolean {
  return (
    schema['x-kubernetes-validations']?.some(({ rule }) => rule === 'self == oldSelf') === true
  );
}
