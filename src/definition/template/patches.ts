/** The language of function-patch-and-transform (`pt.fn.crossplane.io/v1beta1`): the part that we speak. */

export type Transform =
  | { readonly type: 'map'; readonly map: Readonly<Record<string, unknown>> }
  | {
      readonly type: 'match';
      readonly match: { readonly patterns: readonly MatchPattern[] };
    }
  | {
      readonly type: 'math';
      readonly math: { readonly type: 'Multiply'; readonly multiply: number };
    }
  | {
      readonly type: 'string';
      readonly string: {
        readonly type: 'Regexp';
        readonly regexp: { readonly match: string; readonly group: number };
      };
    };

type MatchPattern =
  | { readonly type: 'literal'; readonly literal: string; readonly result: unknown }
  | { readonly type: 'regexp'; readonly regexp: string; readonly result: unknown };

interface Policy {
  readonly fromFieldPath: 'Required';
}

export type Patch =
  | {
      readonly type: 'FromCompositeFieldPath' | 'ToCompositeFieldPath';
      readonly fromFieldPath: string;
      readonly toFieldPath: string;
      readonly transforms?: readonly Transform[];
      readonly policy?: Policy;
    }
  | {
      readonly type: 'CombineFromComposite';
      readonly combine: {
        readonly variables: readonly { readonly fromFieldPath: string }[];
        readonly strategy: 'string';
        readonly string: { readonly fmt: string };
      };
      readonly toFieldPath: string;
      readonly policy?: Policy;
    };

/** Another value for each value. A value that is not named would stop the whole composite: name all of them. */
export function mapped<From extends string>(
  map: Readonly<Record<From, string | boolean>>,
): Transform {
  return { type: 'map', map };
}

/** As `mapped`, for values that are lists. */
export function matched<From extends string>(results: Readonly<Record<From, unknown>>): Transform {
  const patterns = Object.entries(results).map(([literal, result]) => ({
    type: 'literal' as const,
    literal,
    result,
  }));
  return { type: 'match', match: { patterns } };
}

/** One value, whatever the field holds, as long as it is there. */
export function present(result: string | boolean): Transform {
  return { type: 'match', match: { patterns: [{ type: 'regexp', regexp: '.*', result }] } };
}

/** A whole number times another, for a field that AWS counts in smaller units. */
export function multiplied(by: number): Transform {
  return { type: 'math', math: { type: 'Multiply', multiply: by } };
}

/** The part of the value that the first group of the expression matches. It must match. */
export function extracted(match: string): Transform {
  return { type: 'string', string: { type: 'Regexp', regexp: { match, group: 1 } } };
}
