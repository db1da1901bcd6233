import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const LOCAL_PARTS = ['kubernetes', 'crossplane', 'provider-aws', 'aws'];

/** Imports run one way (CONTRIBUTING.md, "The map"): files under `from` may not import anything that matches `refused`. */
function arrow(from, refused, because) {
  return {
    files: [`${from}/**/*.ts`, `${from}/**/*.tsx`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: refused, message: because }] }],
    },
  };
}

const SEAM = 'Parts meet over the Kubernetes API, the AWS API or files, never by import.';

export default defineConfig(
  { ignores: ['dist', 'coverage', 'node_modules'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  arrow(
    'src/model',
    '^[^.]|/(support|definition|local|claims|operator|portal|cli|functions)/',
    'src/model imports nothing.',
  ),
  arrow(
    'src/support',
    '/(definition|local|claims|operator|portal|cli|functions)/',
    'src/support imports only src/model.',
  ),
  arrow('src/definition', '/(local|claims|operator|portal|cli|functions)/', SEAM),
  arrow('src/portal', '/(definition|local|operator|cli|functions)/', SEAM),
  arrow('functions', '/src/(definition|local|claims|operator|portal|cli)/', SEAM),
  arrow(
    'src/claims',
    '/local/(aws|provider-aws)/|/(definition|operator|portal|cli|functions/payment-processor)/',
    'src/claims judges and composes as the local Kubernetes and Crossplane do, for the portal and the command.',
  ),
  ...LOCAL_PARTS.map((part) =>
    arrow(
      `src/local/${part}`,
      // `../functions` and `../claims` are a part's own folders of these names (crossplane has both), further up are ours.
      `((?<!support)/(definition|operator|portal|cli|${LOCAL_PARTS.filter((other) => other !== part).join('|')})|(?<!^\\.{1,2})/(functions|claims))/(?!.*node_modules)`,
      SEAM,
    ),
  ),
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }],
      'jest/no-standalone-expect': 'off',
    },
  },
  prettier,
);
