/**
 * Fuzzing of what reads a client's bytes: JSON, YAML, patches and selectors get texts that are nearly right.
 *
 * Seeded, so that a failure can be seen again; `FUZZ_SEED` and `FUZZ_RUNS` choose another walk and a longer one.
 */
import { describe, expect, test } from '@jest/globals';
import { StatusError } from '../../../src/local/kubernetes/http/status-error.js';
import { formatJson, isJsonObject, parseJson } from '../../../src/local/kubernetes/json/json.js';
import { applyJsonPatch } from '../../../src/local/kubernetes/patches/json-patch.js';
import { applyMergePatch } from '../../../src/local/kubernetes/patches/merge-patch.js';
import { applyStrategicPatch } from '../../../src/local/kubernetes/patches/strategic-patch.js';
import { parseLabelSelector } from '../../../src/local/kubernetes/selectors/label-selector.js';
import { readYaml } from '../../../src/local/kubernetes/verbs/body.js';
import { seededRandom } from '../../builders/seeded-random.js';

const SEED = Number(process.env.FUZZ_SEED ?? 20);
const RUNS = Number(process.env.FUZZ_RUNS ?? 1500);

const PIECES = [
  '{', '}', '[', ']', ':', ',', '"', '\\', '\\u00e9', '\\ud800', 'null', 'true', '-', '0', '1e9', '1e999',
  '9007199254740993', '"a"', '"__proto__"', '"op"', '"path"', '"/spec/-"', '"$patch"', '\n', '\t', '\u0000',
  'é', '&x', '*x', '- ', '? ', '!!binary', '|', '(', ')', 'in', 'notin', '!', '=', '~1', '~0',
]; // prettier-ignore
const SEEDS = [
  '{"spec":{"a":[1,{"b":null}],"c":"d"}}',
  '[{"op":"add","path":"/spec/a/0","value":1},{"op":"move","from":"/spec","path":"/x"}]',
  'spec:\n  a: [1, 2]\n  b: {c: d}\n',
  'a=b,c!=d,e in (f,g),!h',
  '{"$patch":"replace","list":[{"name":"a","$patch":"delete"}],"$setElementOrder/list":[{"name":"a"}]}',
];

function* mutants(): Generator<string> {
  const next = seededRandom(SEED);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  for (let run = 0; run < RUNS; run += 1) {
    let text = pick(SEEDS);
    for (let changes = 1 + Math.floor(next() * 6); changes > 0; changes -= 1) {
      const at = Math.floor(next() * (text.length + 1));
      const gone = Math.floor(next() * 4);
      text = text.slice(0, at) + pick(PIECES) + text.slice(at + gone);
    }
    yield text;
  }
}

/** What it gives, or the refusal; anything else that is thrown is a fault. */
function attempt<T>(read: () => T): T | 'refused' {
  try {
    return read();
  } catch (error) {
    if (error instanceof StatusError || error instanceof SyntaxError) return 'refused';
    throw error;
  }
}

const target = () => ({ spec: { a: [1, 2], b: { c: 'd' } }, list: [{ name: 'a' }] });

/** The mutants that this says something about, each with what it says. */
function faultsOf(look: (text: string) => string | undefined): string[] {
  return [...mutants()].flatMap((text) => {
    const fault = look(text);
    return fault === undefined ? [] : [`${fault}: ${JSON.stringify(text)}`];
  });
}

describe('of texts that are nearly right', () => {
  test('the JSON parser takes what JSON.parse takes, and reads the same', () => {
    const faults = faultsOf((text) => {
      const theirs = attempt(() => JSON.parse(text) as unknown);
      const ours = attempt(() => parseJson(text, true).value);
      if (ours === 'refused')
        return theirs === 'refused' || text.includes('__proto__') ? undefined : 'wrongly refused';
      // Go keeps every digit, and makes U+FFFD of half a surrogate pair; JavaScript neither.
      const isReadAsGoDoes = /\d{16}|\\u[dD][89a-fA-F]/.test(text);
      return isReadAsGoDoes || formatJson(ours) === formatJson(theirs) ? undefined : 'misread';
    });
    expect(faults).toEqual([]);
  });

  test('a patch gives an object or a refusal, and leaves its target and all prototypes alone', () => {
    const untouched = formatJson(target());
    const faults = faultsOf((text) => {
      const patch = attempt(() => parseJson(text).value);
      if (patch === 'refused') return undefined;
      attempt(() => applyStrategicPatch(target(), patch, { type: 'object' }));
      const isSound = [applyJsonPatch, applyMergePatch].every((apply) => {
        const object = target();
        const outcome = attempt(() => apply(object, patch));
        return formatJson(object) === untouched && (outcome === 'refused' || isJsonObject(outcome));
      });
      return isSound && Object.keys(Object.prototype).length === 0 ? undefined : 'unsound';
    });
    expect(faults).toEqual([]);
  });

  test('YAML is read or refused with an error', () => {
    const outcomes = [...mutants()].map((text) => {
      try {
        return typeof formatJson(readYaml(text));
      } catch (error) {
        return error instanceof Error ? 'refused' : 'thrown';
      }
    });
    expect(new Set(outcomes)).toEqual(new Set(['string', 'refused']));
  });

  test('a label selector is read, and then decides, or is refused', () => {
    const outcomes = [...mutants()].map((text) => {
      const matches = attempt(() => parseLabelSelector(text));
      return matches === 'refused' ? matches : typeof matches({ a: 'b' });
    });
    expect(new Set(outcomes)).toEqual(new Set(['boolean', 'refused']));
  });
});
