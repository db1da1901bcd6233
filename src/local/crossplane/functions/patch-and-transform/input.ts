/**
 * What a Composition gives the function: patch sets, environment patches and resource templates, as
 * `pt.fn.crossplane.io/v1beta1` `Resources` writes them.
 *
 * `decode-input.ts` makes one of JSON; `validate.ts` checks what its fields say.
 */
import type { Json } from '../go/value.js';

export interface Input {
  readonly patchSets: readonly PatchSet[];
  readonly environment?: { readonly patches: readonly Patch[] };
  readonly resources: readonly Template[];
  /** Where the connection details of a composite go that has no connection secret of its own. */
  readonly writeConnectionSecretToRef?: ConnectionSecretTarget;
}

export interface PatchSet {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export interface Template {
  readonly name: string;
  readonly base?: Json;
  readonly patches: readonly Patch[];
  readonly connectionDetails: readonly ConnectionDetail[];
  readonly readinessChecks: readonly ReadinessCheck[];
}

export interface Patch {
  readonly type: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath?: string;
  readonly combine?: Combine;
  readonly patchSetName?: string;
  readonly transforms: readonly Transform[];
  readonly policy?: { readonly fromFieldPath?: string; readonly toFieldPath?: string };
}

export interface Combine {
  readonly strategy: string;
  readonly variables: readonly { readonly fromFieldPath: string }[];
  readonly string?: { readonly fmt: string };
}

export interface Transform {
  readonly type: string;
  readonly math?: MathTransform;
  readonly map?: Readonly<Record<string, Json>>;
  readonly match?: MatchTransform;
  readonly string?: StringTransform;
  readonly convert?: { readonly toType: string; readonly format?: string };
}

export interface MathTransform {
  readonly type: string;
  readonly multiply?: bigint;
  readonly clampMin?: bigint;
  readonly clampMax?: bigint;
}

export interface MatchTransform {
  readonly patterns: readonly MatchPattern[];
  readonly fallbackValue?: Json;
  readonly fallbackTo: string;
}

export interface MatchPattern {
  readonly type: string;
  readonly literal?: string;
  readonly regexp?: string;
  readonly result?: Json;
}

export interface StringTransform {
  readonly type: string;
  readonly fmt?: string;
  readonly convert?: string;
  readonly trim?: string;
  readonly regexp?: { readonly match: string; readonly group?: bigint; readonly replace?: string };
  readonly join?: { readonly separator: string };
  readonly replace?: { readonly search: string; readonly replace: string };
}

export interface ConnectionDetail {
  readonly name: string;
  readonly type: string;
  readonly fromConnectionSecretKey?: string;
  readonly fromFieldPath?: string;
  readonly value?: string;
}

export interface ReadinessCheck {
  readonly type: string;
  readonly fieldPath?: string;
  readonly matchString?: string;
  readonly matchInteger?: bigint;
  readonly matchCondition?: { readonly type: string; readonly status: string };
}

export interface ConnectionSecretTarget {
  readonly name: string;
  readonly namespace: string;
  /** From the composite, to `name` or `namespace`. */
  readonly patches: readonly Patch[];
}
