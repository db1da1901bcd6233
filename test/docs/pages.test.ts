/** What the pages speak of is there: files, headings, commands with their flags, npm scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/gitops/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As GitHub makes them: lower case, words joined by hyphens, punctuation gone. */
function anchorsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

function brokenLinks(page: string): string[] {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
}

/** Every piece of code: lines of blocks, comments cut off, and what stands between backticks. */
function codeIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^ *```\w*\n([^]*?)^ *```$/gm)].flatMap(([, code = '']) =>
    code.replaceAll('\\\n', ' ').split('\n'),
  );
  const spans = [...withoutCode(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...spans].map((line) => line.replace(/ # .*$| {3,}#.*$/, ''));
}

/** The calls of the command in a line; what comes after a pipe, a semicolon or a redirection is not its own. */
function callsIn(line: string): string[][] {
  return line
    .split(/[|;&<>()]+/)
    .map((part) => /^\s*(?:\$ |exec )?payments-dr +(.+)$/.exec(part)?.[1])
    .filter((call) => call !== undefined)
    .map((call) => call.trim().split(/\s+/));
}

/** What of the call there is not: a command, or a flag of it. */
function unknownIn(words: readonly string[], program: Command): string[] {
  let command = program;
  let rest = [...words];
  while (command.commands.length > 0 && rest[0] !== undefined && !rest[0].startsWith('-')) {
    const [name] = rest;
    if (name === '…') return [];
    const found = command.commands.find((each) => each.name() === name);
    if (found === undefined) return [`no command ${name}`];
    command = found;
    rest = rest.slice(1);
  }
  const flags = command.options.flatMap(({ long, short }) => [long, short]);
  return rest
    .map((word) => word.split('=')[0] ?? '')
    .filter((word) => /^--?[a-z]/.test(word) && !['--help', '-h', '--version'].includes(word))
    .filter((flag) => !flags.includes(flag))
    .map((flag) => `${command.name()} has no ${flag}`);
}

describe.each(PAGES)('%s', (page) => {
  test('links to files and headings that are there', () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test('names commands that there are, with flags that they have', () => {
    const program = buildProgram();
    const calls = codeIn(read(page)).flatMap(callsIn);
    expect(
      calls.flatMap((call) =>
        unknownIn(call, program).map((fault) => `payments-dr ${call.join(' ')}: ${fault}`),
      ),
    ).toEqual([]);
  });

  test('names npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = codeIn(read(page)).flatMap((line) =>
      [...line.matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names files and directories that are there', () => {
    const paths = codeIn(read(page)).flatMap(
      (line) =>
        /^(?:src|test|deploy|docs|examples|functions|scripts|bench|torture|crds|compositions)\/[\w./-]*$/.exec(
          line,
        ) ?? [],
    );
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the pages', () => {
  test('speak of every command', () => {
    const spoken = new Set(
      PAGES.flatMap((page) => codeIn(read(page)).flatMap(callsIn)).map(([name]) => name),
    );
    const commands = buildProgram()
      .commands.map((command) => command.name())
      .filter((name) => !name.startsWith('_')); // what the shell alone calls
    expect(commands.filter((name) => !spoken.has(name))).toEqual([]);
  });
});

/** Where the words that people search the FAQ for are said. */
const WORDS: readonly (readonly [words: string, file: string])[] = [
  ['cannot get referenced ProviderConfig', 'src/local/provider-aws/managed/connect.ts'],
  ['The security token included in the request is invalid', 'src/local/aws/gateway/refusals.ts'],
  ['Unsynced resources', 'src/local/crossplane/composites/publish-status.ts'],
  ['no two claims can have one environment', 'src/claims/observation/cause.ts'],
  ['cannot apply composed resource', 'src/local/crossplane/composed/apply.ts'],
  ['has no grant for environment', 'src/definition/packages/environment-guard.ts'],
  ['Source image', 'src/local/aws/lambda/images.ts'],
  ['cannot find an active FunctionRevision', 'src/local/crossplane/packages/function-directory.ts'],
  ['is paused via the pause annotation', 'src/local/crossplane/conditions.ts'],
  [
    'acted as a source region for new replica(s)',
    'src/local/aws/dynamodb/operations/delete-table.ts',
  ],
  [
    'referenced field was empty (referenced resource may not yet be ready)',
    'src/local/provider-aws/managed/references.ts',
  ],
  ['there is no such field', 'src/claims/validation/validate.ts'],
];

describe('the FAQ has the words of what it explains', () => {
  const faq = read('docs/faq.md').replaceAll(/\s+/g, ' ');

  test.each(WORDS)('%s', (words, file) => {
    expect(faq).toContain(words);
    expect(read(file)).toContain(words);
  });
});

describe('a fault is found in', () => {
  test.each([
    ['a command', 'payments-dr statu checkout', 'no command statu'],
    ['a command below another', 'payments-dr region down-with us-east-1', 'no command down-with'],
    ['a flag', 'payments-dr pay checkout --throuhg secondary | jq .', 'pay has no --throuhg'],
  ])('%s', (_, line, fault) => {
    expect(callsIn(line).flatMap((call) => unknownIn(call, buildProgram()))).toEqual([fault]);
  });
});
