/** What the server says of itself, outside of any resource: discovery, OpenAPI, version, health, the key of tokens. */
import { KEY_SET_PATH, OPENID_CONFIGURATION_PATH } from '../access/issuer-discovery.js';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupsOf,
} from '../discovery/discovery.js';
import { formatJson } from '../json/json.js';
import { sendBytes, sendJson, sendText } from './responses.js';
import { healthAt, HEALTH_PATHS } from './health.js';
import { negotiate } from './negotiation.js';
import { methodNotAllowed, noSuchResource } from './status-error.js';
import { exchangeOf, NOT_FOUND_TEXT, type Visit } from './visit.js';

const VERSION = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.0+payments-dr',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};
const OPENAPI_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

export function answerDocument(visit: Visit): void {
  const { context, request, response, method, path, query, user } = visit;
  const verb = method.toLowerCase();
  context.authorization.check(user, { verb, path });
  const health = healthAt(path, query);
  if (health !== undefined) {
    sendText(response, 200, health);
    return;
  }
  const trimmed = path.replace(/\/$/, '');
  const json = documentAt(visit, trimmed);
  if (json === undefined) {
    if (trimmed.startsWith('/api/')) throw noSuchResource();
    sendText(response, 404, trimmed.startsWith('/openapi/') ? '' : NOT_FOUND_TEXT);
    return;
  }
  // The list of groups is answered whatever the method, as on the real server.
  if (method !== 'GET' && method !== 'HEAD' && trimmed !== '/apis') throw methodNotAllowed();
  if (trimmed === '/openapi/v2' && request.headers.accept?.includes(OPENAPI_PROTOBUF) === true) {
    sendBytes(response, context.openApi.swaggerProtobuf(), OPENAPI_PROTOBUF.replace('@', '.'));
    return;
  }
  // Strangers read these, who know nothing of the API's media types.
  if (trimmed === KEY_SET_PATH || trimmed === OPENID_CONFIGURATION_PATH) {
    response.setHeader('cache-control', 'public, max-age=3600');
    const type = trimmed === KEY_SET_PATH ? 'application/jwk-set+json' : 'application/json';
    sendBytes(response, Buffer.from(json), type);
    return;
  }
  const exchange = exchangeOf(visit, ['discovery']);
  const isAggregated = exchange.accepted.form === 'discovery';
  sendJson(
    exchange,
    200,
    json,
    isAggregated
      ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      : undefined,
  );
}

function documentAt(visit: Visit, path: string): string | undefined {
  const { context, request } = visit;
  const { registry } = context.plane;
  const { openApi } = context;
  const isAggregated = () => negotiate(request.headers.accept, ['discovery']).form === 'discovery';
  switch (path) {
    case '/version':
      return formatJson(VERSION);
    case '':
      return formatJson({
        paths: [
          OPENID_CONFIGURATION_PATH,
          '/api',
          '/api/v1',
          '/apis',
          ...HEALTH_PATHS,
          '/openapi/v2',
          '/openapi/v3',
          KEY_SET_PATH,
          '/version',
        ],
      });
    case '/api':
      return formatJson(
        isAggregated() ? aggregatedDiscovery(registry, true) : apiVersions(context.address()),
      );
    case '/apis':
      return formatJson(
        isAggregated() ? aggregatedDiscovery(registry, false) : apiGroupList(registry),
      );
    case OPENID_CONFIGURATION_PATH:
      return formatJson(context.tokens.openIdConfiguration);
    case KEY_SET_PATH:
      return formatJson(context.tokens.keySet);
    case '/openapi/v2':
      return openApi.swagger();
    case '/openapi/v3':
      return formatJson(openApi.index());
  }
  if (path.startsWith('/openapi/v3/')) return openApi.document(path.slice('/openapi/v3/'.length));
  const [, root, group = '', version] = path.split('/');
  if (root === 'api' && group !== '') {
    return registry.isServed('', group) && version === undefined
      ? formatJson(apiResourceList(registry, '', group))
      : undefined;
  }
  const versions = root === 'apis' ? groupsOf(registry).get(group) : undefined;
  if (versions === undefined) return undefined;
  if (version === undefined)
    return formatJson({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, versions) });
  return versions.includes(version)
    ? formatJson(apiResourceList(registry, group, version))
    : undefined;
}
