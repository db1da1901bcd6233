/** Health: `/livez`, `/readyz` and `/healthz`, with each of their checks by itself and, when asked to be verbose, all of them. */

const PATHS = ['/healthz', '/livez', '/readyz'];
/** Those of the real server's that there is something behind here; what they need is there before the first request is taken. */
const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/rbac/bootstrap-roles',
];

export const HEALTH_PATHS: readonly string[] = PATHS;

/** Undefined for what is no path of health, or names a check that is none. */
export function healthAt(path: string, query: URLSearchParams): string | undefined {
  const at = PATHS.find((one) => path === one || path.startsWith(`${one}/`));
  if (at === undefined) return undefined;
  const check = path.slice(at.length + 1);
  if (check !== '') return CHECKS.includes(check) ? 'ok' : undefined;
  if (!query.has('verbose')) return 'ok';
  const excluded = query.getAll('exclude');
  const unknown = excluded.filter((one) => !CHECKS.includes(one));
  return [
    ...CHECKS.map((one) => `[+]${one} ${excluded.includes(one) ? 'excluded: ' : ''}ok`),
    ...(unknown.length === 0
      ? []
      : [
          `warn: some health checks cannot be excluded: no matches for ${unknown.map((one) => JSON.stringify(one)).join(', ')}`,
        ]),
    `${at.slice(1)} check passed`,
    '',
  ].join('\n');
}
