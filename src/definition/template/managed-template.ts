/**
 * A template of one kind of managed resource.
 *
 * Its fields and both ends of every patch are typed by the schemas of the kind and of the composite: a field that does not
 * exist is a compile error. What the compiler cannot see is checked at synthesis (`validation.ts`).
 */
import type { Construct } from 'constructs';
import type { ForProvider, ManagedKind } from '../../model/managed/kind.js';
import type { PathOf } from '../../model/paths.js';
import type { CompositeField, StatusField } from './composite.js';
import type { Transform } from './patches.js';
import type { Pattern } from './pattern.js';
import { Template, type PatchOptions, type TemplateProps } from './template.js';

/** A field of the resource that a patch may write. */
export type ResourceField<K extends ManagedKind> = `spec.forProvider.${PathOf<K['forProvider']>}`;

/** A field of the resource that is known once the provider has seen it in AWS. */
export type ObservedField<K extends ManagedKind> = `status.atProvider.${
  PathOf<K['forProvider']> | PathOf<{ readonly properties: K['observed'] }>}`;

/** A value of which patches fill the rest in. */
export type Draft<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer I)[]
    ? readonly Draft<I>[]
    : { readonly [P in keyof T]?: Draft<T[P]> };

export interface ManagedTemplateProps<K extends ManagedKind> extends Omit<
  TemplateProps,
  'definition'
> {
  readonly forProvider: Draft<ForProvider<K>>;
}

export class ManagedTemplate<const in out K extends ManagedKind> extends Template {
  constructor(
    scope: Construct,
    name: string,
    definition: K,
    props: ManagedTemplateProps<NoInfer<K>>,
  ) {
    super(scope, name, { ...props, definition });
  }

  /** The value of a field of the composite, as it is or transformed. */
  copy(from: CompositeField, to: ResourceField<K>, options?: PatchOptions): this {
    this.copyField(from, to, options);
    return this;
  }

  /** Text in which fields of the composite stand. Left out as a whole while one of them is missing. */
  fill<const P extends string>(
    to: ResourceField<K>,
    pattern: P & Pattern<P>,
    options?: Pick<PatchOptions, 'required'>,
  ): this {
    this.fillField(to, pattern, options);
    return this;
  }

  annotate<const P extends string>(
    key: string,
    pattern: P & Pattern<P>,
    options?: Pick<PatchOptions, 'required'>,
  ): this {
    this.fillField(`metadata.annotations[${key}]`, pattern, options);
    return this;
  }

  /** Tells the composite what AWS says of the resource. */
  report(from: ObservedField<K>, to: StatusField, ...transforms: readonly Transform[]): this {
    this.reportField(from, to, transforms);
    return this;
  }
}
