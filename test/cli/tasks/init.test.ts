import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { paymentsDr } from '../../builders/a-command.js';
import { testWith } from '../../builders/a-program.js';

const NEEDED = [
  ...['--name', 'checkout', '--namespace', 'team', '--environment-suffix', 'dev'],
  ...['--registry-id', '123456789012', '--tag', '010', '--email', 'a@example.org'],
];

/** A terminal for the command: what is typed, line by line, and what stands on the screen in the end. */
const TERMINAL = `
import os, pty, sys
typed, command = sys.argv[1].encode(), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
screen, lines = b'', typed.split(b'|')
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    screen += chunk
    if lines and screen.rstrip(b'\\x1b[0123456789GJ').endswith(b': '):
        os.write(fd, lines.pop(0) + b'\\n')
        screen += b'<answered>'
sys.stdout.write(screen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'payments-dr-init-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const init = (...args: string[]) => paymentsDr(['init', ...args], { cwd: directory });

describe('payments-dr init', () => {
  test('writes with the needed options a claim that is valid', async () => {
    const { code, stdout } = await init(...NEEDED, '--file', '-');
    expect(code).toBe(0);
    expect(stdout).toContain('tag: "010"');
    expect(await paymentsDr(['validate', '-f', '-'], { input: stdout })).toMatchObject({ code: 0 });
  });

  test('writes the other form, with what else was said', async () => {
    const more = ['--form', 'namespaced', '--primary', 'eu-west-1', '--data-retention', 'Delete'];
    const { stdout } = await init(...NEEDED, ...more, '--file', '-');
    expect(stdout).toContain('payments.m.example.org/v1alpha1');
    expect(stdout).toMatch(/primary: eu-west-1[^]*dataRetention: Delete/);
    expect(await paymentsDr(['validate', '-f', '-'], { input: stdout })).toMatchObject({ code: 0 });
  });

  test('never overwrites a file without --force', async () => {
    expect((await init(...NEEDED)).code).toBe(0);
    const before = await readFile(join(directory, 'checkout.yaml'), 'utf8');
    const again = await init(...NEEDED, '--primary', 'eu-west-1');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('PDR1021')]);
    expect(await readFile(join(directory, 'checkout.yaml'), 'utf8')).toBe(before);
    expect((await init(...NEEDED, '--force')).code).toBe(0);
  });

  test.each([
    {
      sentence: 'what is missing where nobody can be asked',
      args: NEEDED.slice(2),
      says: 'error[PDR1032] --name: missing',
    },
    {
      sentence: 'an answer that is not valid',
      args: NEEDED.map((word) => (word === 'dev' ? 'DEV' : word)),
      says: '--environment-suffix',
    },
    {
      sentence: 'a region twice',
      args: [...NEEDED, '--primary', 'us-west-2'],
      says: 'two different regions',
    },
    {
      sentence: 'a region that does not exist',
      args: [...NEEDED, '--primary', 'us-north-1'],
      says: 'Allowed choices',
    },
  ])('names $sentence, as misuse', async ({ args, says }) => {
    const output = await init(...args);
    expect(output).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  });

  testWith('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode'])(
    'asks on a terminal for what is open, and again where an answer is not valid',
    async () => {
      const { code, stdout } = typed('asked|Team!|team|||repo/x|1.0||');
      expect(code).toBe(0);
      expect(stdout).toContain('Name of the claim: ');
      expect(await readFile(join(directory, 'asked.yaml'), 'utf8')).toMatch(
        /name: asked[^]*namespace: team\n[^]*repository: repo\/x[^]*tag: "1.0"/,
      );
    },
  );

  testWith('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode'])(
    'is left by Ctrl-C without an error, and writes nothing',
    () => {
      const { code, stdout } = typed('left|\u0003');
      expect(code).toBe(130);
      expect(stdout).toContain('left; nothing is written');
      expect(stdout).not.toContain('error');
    },
  );
});

/** At a terminal, a line typed for each question. */
function typed(lines: string) {
  const command = ['dist/payments-dr.js', 'init', ...NEEDED.slice(4)]
    .filter((word) => !['--tag', '010'].includes(word))
    .map((word) => (word.startsWith('dist/') ? join(process.cwd(), word) : word));
  const args = ['-c', TERMINAL, lines, process.execPath, ...command];
  const { status: code, stdout } = spawnSync('python3', args, { cwd: directory, encoding: 'utf8' });
  return { code, stdout };
}
