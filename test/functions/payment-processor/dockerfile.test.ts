/** The Dockerfile, read as Docker reads it; and its build stage, run on the files that it copies. */
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

interface Stage {
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

const instructions: readonly Instruction[] = readFileSync('Dockerfile', 'utf8')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name, rest: rest.join(' ') };
  });

const starts = instructions.flatMap(({ name }, at) => (name === 'FROM' ? [at] : []));
const globalArgs = instructions.slice(0, starts[0]);
const [build, final] = starts.map((start, n): Stage => ({
  base: instructions[start]?.rest ?? '',
  instructions: instructions.slice(start + 1, starts[n + 1]),
}));

const restsOf = (stage: Stage | undefined, name: string) =>
  (stage?.instructions ?? []).filter((one) => one.name === name).map(({ rest }) => rest);

/** The sources and the destination of a COPY, without its options. */
function pathsOf(copy: string) {
  const paths = copy.split(' ').filter((word) => !word.startsWith('--'));
  return { sources: paths.slice(0, -1), destination: paths.at(-1) };
}

describe('the image', () => {
  test('is built in two stages, on bases that the builder can choose', () => {
    expect(starts).toHaveLength(2);
    expect(build?.base).toBe('${BUILD_IMAGE} AS build');
    expect(final?.base).toBe('${BASE_IMAGE} AS final');
    expect(globalArgs.map(({ rest }) => rest)).toEqual([
      expect.stringMatching(/^BUILD_IMAGE=.+\/node:2\d/),
      expect.stringMatching(/^BASE_IMAGE=public\.ecr\.aws\/lambda\/nodejs:2\d/),
    ]);
  });

  test('is made of files that exist, and that .dockerignore lets through', () => {
    const sources = restsOf(build, 'COPY').flatMap((copy) => pathsOf(copy).sources);
    const sent = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(sources).toContain('functions');
    for (const source of sources) {
      expect({ source, exists: existsSync(source) }).toEqual({ source, exists: true });
      expect(sent).toContain(`!${source}`);
    }
  });

  test('installs what the lock file says, running no scripts of packages', () => {
    expect(restsOf(build, 'RUN')).toEqual([
      'npm ci --ignore-scripts',
      'node scripts/build.mjs handler',
    ]);
  });

  test('can be built from the files it copies and no others', () => {
    const directory = mkdtempSync(join(tmpdir(), 'pdr-image-'));
    try {
      for (const source of restsOf(build, 'COPY').flatMap((copy) => pathsOf(copy).sources)) {
        cpSync(source, join(directory, source), { recursive: true });
      }
      symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
      execFileSync(process.execPath, ['scripts/build.mjs', 'handler'], { cwd: directory });
      expect(existsSync(join(directory, 'dist/functions/payment-processor/index.mjs'))).toBe(true);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('holds the bundle and nothing else of ours', () => {
    const copies = restsOf(final, 'COPY');
    expect(copies).toHaveLength(1);
    expect(copies[0]).toMatch(/^--from=build /);
    expect(pathsOf(copies[0] ?? '')).toEqual({
      sources: ['/build/dist/functions/payment-processor/index.mjs'],
      destination: '${LAMBDA_TASK_ROOT}/index.mjs',
    });
    expect(restsOf(final, 'ADD')).toEqual([]);
    expect(restsOf(final, 'RUN')).toEqual([]);
  });

  test('starts the handler, and not as root', () => {
    expect(restsOf(final, 'CMD')).toEqual(['["index.handler"]']);
    expect(restsOf(final, 'USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  test('holds no credentials', () => {
    expect(readFileSync('Dockerfile', 'utf8')).not.toMatch(/AWS_(ACCESS|SECRET|SESSION)|AKIA/);
  });
});
