/** Where GitOps tools find the definition and the claims: the one place to change for a repository of your own. */
export const REPOSITORY = {
  url: 'https://git.example.org/platform/payments-dr.git',
  revision: 'main',
} as const;

/** One directory below it for each team and environment: `teams/<team>/<environment>`. */
export const TEAMS_PATH = 'examples/gitops/teams';

/** Of the files in `deploy/provider-configs`, the one that a cluster of the example uses. */
export const CREDENTIALS_FILE = 'irsa.yaml';

export const REPOSITORY_ADVICE = [
  'Put the address of your own repository in the place of git.example.org, and pin revision to a release.',
] as const;
