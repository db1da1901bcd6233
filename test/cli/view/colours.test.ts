import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { coloursOf } from '../../../src/cli/view/colours.js';

const terminal = { isTTY: true };
const pipe = {};

describe('colour', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env.FORCE_COLOR = '1';
    delete process.env.NO_COLOR;
  });
  afterEach(() => {
    process.env = { ...before };
  });

  test('is on a terminal', () => {
    expect(coloursOf(terminal).red('x')).not.toBe('x');
  });

  test('is never in a pipe, whatever the environment says', () => {
    expect(coloursOf(pipe).red('x')).toBe('x');
  });

  test('is off where NO_COLOR is set', () => {
    process.env.NO_COLOR = '1';
    expect(coloursOf(terminal).red('x')).toBe('x');
  });
});
