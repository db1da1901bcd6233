import { describe, expect, test } from '@jest/globals';
import { candidates } from '../../../src/cli/completion/candidates.js';
import { buildProgram } from '../../../src/cli/program.js';
import { SCRIPTS } from '../../../src/cli/completion/scripts.js';
import { outputOf, testWith } from '../../builders/a-program.js';

describe('a command line is completed', () => {
  test.each([
    { sentence: 'with commands', words: ['va'], offers: ['validate'] },
    { sentence: 'with commands of commands', words: ['region', 'lo'], offers: ['lose-responses'] },
    { sentence: 'with options', words: ['status', '--wa'], offers: ['--watch'] },
    {
      sentence: 'with the values of an option',
      words: ['outputs', 'a', '-o', ''],
      offers: ['table', 'wide', 'json', 'yaml', 'env'],
    },
    {
      sentence: 'with regions',
      words: ['region', 'partition', 'us-east-1', 'us-west'],
      offers: ['us-west-1', 'us-west-2'],
    },
    {
      sentence: 'with a value after =',
      words: ['status', 'a', '--form=n'],
      offers: ['--form=namespaced'],
    },
    {
      sentence: 'with a value after =, as bash parts it',
      words: ['status', 'a', '--form', '=', 'n'],
      offers: ['namespaced'],
    },
    {
      sentence: 'with all values after =, as bash parts it',
      words: ['status', 'a', '--form', '='],
      offers: ['cluster', 'namespaced'],
    },
    { sentence: 'with what there is help for', words: ['help', 'va'], offers: ['validate'] },
    {
      sentence: 'with the sites of a payment',
      words: ['pay', 'a', '--through', ''],
      offers: ['primary', 'secondary'],
    },
    { sentence: 'with shells', words: ['completion', 'f'], offers: ['fish'] },
    { sentence: 'by files, where it offers nothing', words: ['validate', '-f', ''], offers: [] },
    {
      sentence: 'with nothing where no cluster answers',
      words: ['status', '--kubeconfig', '/nowhere', ''],
      offers: [],
    },
    { sentence: 'without what is hidden', words: ['__'], offers: [] },
  ])('$sentence', async ({ words, offers }) => {
    expect((await candidates(buildProgram(), words)).map(({ value }) => value)).toEqual(offers);
  });

  testWith('bash', ['--version'])('by bash, through the script', async () => {
    const program = [
      'payments-dr() { node dist/payments-dr.js "$@"; }',
      SCRIPTS.bash,
      'COMP_WORDS=(payments-dr validate -o j); COMP_CWORD=3; _payments_dr; echo "${COMPREPLY[@]}"',
    ].join('\n');
    expect(await outputOf('bash', ['-c', program], {})).toBe('json\n');
  });

  test.each(['zsh', 'fish'] as const)('by %s, which asks the same command', (shell) => {
    expect(SCRIPTS[shell]).toContain('payments-dr __complete --');
  });
});
