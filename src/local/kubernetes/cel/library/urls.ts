/** URLs, absolute ones or paths, as Go's net/url reads them. */
import type { Library } from '../language/overload.js';
import { EvaluationError, type ForeignValue } from '../language/value.js';

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

class Url implements ForeignValue {
  readonly foreignType = 'kubernetes.URL';

  constructor(
    readonly text: string,
    readonly parts: Parts,
  ) {}

  equals(other: Url): boolean {
    return this.text === other.text;
  }
}

export function addUrls(library: Library): void {
  library
    .add('url(string): URL', (text: string) => {
      const fault = urlFault(text);
      if (fault !== undefined)
        throw new EvaluationError(
          `URL parse error during conversion from string: parse ${JSON.stringify(text)}: ${fault}`,
        );
      return new Url(text, partsOf(text));
    })
    .add('isURL(string): bool', (text: string) => urlFault(text) === undefined)
    .add('URL.getScheme(): string', ({ parts }: Url) => parts.scheme)
    .add('URL.getHost(): string', ({ parts }: Url) => parts.host)
    .add('URL.getHostname(): string', ({ parts }: Url) =>
      parts.host.replace(/:\d*$/, '').replaceAll(/[[\]]/g, ''),
    )
    .add('URL.getPort(): string', ({ parts }: Url) => /:(\d*)$/.exec(parts.host)?.[1] ?? '')
    .add('URL.getEscapedPath(): string', ({ parts }: Url) => escapedPath(parts.path))
    .add('URL.getQuery(): map<string, list<string>>', ({ parts }: Url) => queryOf(parts.query));
}

function partsOf(text: string): Parts {
  const [withoutFragment = ''] = text.split('#');
  const [, scheme = '', rest = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(withoutFragment) ?? [];
  const [hierarchy = '', ...queries] = rest.split('?');
  const [, authority = '', path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(hierarchy) ?? [];
  const host = decoded(authority.slice(authority.lastIndexOf('@') + 1));
  const isOpaque = scheme !== '' && !hierarchy.startsWith('/');
  return {
    scheme: scheme.toLowerCase(),
    host,
    path: isOpaque ? '' : path,
    query: queries.join('?'),
  };
}

/** In the words of url.ParseRequestURI. */
export function urlFault(text: string): string | undefined {
  if (/[\x00-\x1f\x7f]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '') return 'empty url';
  if (text === '*') return undefined;
  if (text.startsWith(':')) return 'missing protocol scheme';
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0];
  const rest = scheme === undefined ? text : text.slice(scheme.length);
  if (scheme === undefined && !rest.startsWith('/')) return 'invalid URI for request';
  const [hierarchy = ''] = rest.split('?');
  const authority =
    rest.startsWith('//') && (scheme !== undefined || !rest.startsWith('///'))
      ? (/^\/\/([^/]*)/.exec(hierarchy)?.[1] ?? '')
      : '';
  return authorityFault(authority) ?? escapeFault(hierarchy.slice(authority.length));
}

function authorityFault(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const port = /^(?:\[[^\]]*\]|[^:]*)(:.*)?$/.exec(host)?.[1] ?? '';
  if (!/^(:\d*)?$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const wrong = /[ "<>^`{|}\\]/.exec(host)?.[0];
  return wrong === undefined
    ? undefined
    : `invalid character ${JSON.stringify(wrong)} in host name`;
}

function escapeFault(path: string): string | undefined {
  const wrong = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(path)?.[0];
  return wrong === undefined ? undefined : `invalid URL escape ${JSON.stringify(wrong)}`;
}

function escapedPath(path: string): string {
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]*$/.test(path)) return path;
  return encodeURI(decoded(path)).replaceAll(/[!'()*]/g, (one) =>
    one === '*' ? one : `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function queryOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&').filter((one) => one !== '' && !one.includes(';'))) {
    const [key = '', ...rest] = pair.split('=');
    const name = decoded(key.replaceAll('+', ' '));
    const value = decoded(rest.join('=').replaceAll('+', ' '));
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
