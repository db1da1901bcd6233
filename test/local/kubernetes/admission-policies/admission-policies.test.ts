import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { aConfigMap, Cluster, CONFIG_MAPS, type Reply } from '../served-cluster.js';

const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';
const POLICIES = `${REGISTRATION}/validatingadmissionpolicies`;
const BINDINGS = `${REGISTRATION}/validatingadmissionpolicybindings`;
const ON_CONFIG_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['*'],
  resources: ['configmaps'],
};
const API = { apiVersion: 'admissionregistration.k8s.io/v1' };

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
});

afterEach(async () => {
  await cluster.request('DELETE', BINDINGS);
  await cluster.request('DELETE', POLICIES);
  await cluster.request('DELETE', CONFIG_MAPS);
});

afterAll(() => cluster.discard());

function writePolicy(spec: object): Promise<Reply> {
  return cluster.request('POST', POLICIES, {
    ...API,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: [ON_CONFIG_MAPS] }, ...spec },
  });
}

function bind(spec: object = {}): Promise<Reply> {
  return cluster.request('POST', BINDINGS, {
    ...API,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
  });
}

/** The answer to the creation of a ConfigMap under a policy and its binding. */
async function createUnder(policy: object, binding: object = {}): Promise<Reply> {
  expect((await writePolicy(policy)).code).toBe(201);
  expect((await bind(binding)).code).toBe(201);
  return cluster.request('POST', CONFIG_MAPS, aConfigMap('seen', { max: '3' }));
}

const denying = (validation: object = {}, policy: object = {}) => ({
  ...policy,
  validations: [{ expression: 'false', ...validation }],
});
const DENIED =
  "configmaps \"seen\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ";

describe('a denied request', () => {
  test.each([
    {
      sentence: 'says which expression failed',
      policy: denying(),
      says: 'failed expression: false',
    },
    { sentence: 'says the message', policy: denying({ message: ' no ' }), says: 'no' },
    {
      sentence: 'says what the message expression gives',
      policy: denying({ message: 'no', messageExpression: "'not ' + object.metadata.name" }),
      says: 'not seen',
    },
    {
      sentence: 'says the message where the message expression fails',
      policy: denying({ message: 'no', messageExpression: "'not ' + object.nope" }),
      says: 'no',
    },
    {
      sentence: 'says why an expression could not be evaluated',
      policy: denying({ expression: 'object.nope == 1', reason: 'Forbidden' }),
      says: "expression 'object.nope == 1' resulted in error: no such key: nope",
    },
    {
      sentence: 'says which variable could not be evaluated',
      policy: denying(
        { expression: 'variables.a == 1' },
        { variables: [{ name: 'a', expression: 'object.nope' }] },
      ),
      says: 'expression \'variables.a == 1\' resulted in error: composited variable "a" fails to evaluate: no such key: nope',
    },
    {
      sentence: 'is described to expressions, with its namespace',
      policy: denying({
        messageExpression:
          "request.operation + ' ' + request.namespace + ' ' + request.userInfo.groups[0] + ' ' + namespaceObject.metadata.name + ' ' + string(oldObject == null)",
      }),
      says: 'CREATE default system:masters default true',
    },
  ])('$sentence', async ({ policy, says }) => {
    const { code, body } = await createUnder(policy);
    expect({ code, reason: body.reason, message: body.message }).toEqual({
      code: 422,
      reason: 'Invalid',
      message: DENIED + says,
    });
  });

  test.each([
    { reason: 'Forbidden', status: 403 },
    { reason: 'Invalid', status: 422 },
    { reason: 'RequestEntityTooLarge', status: 413 },
  ])('has the code of its reason $reason', async ({ reason, status }) => {
    const { code, body } = await createUnder(denying({ reason }));
    expect({ code, reason: body.reason }).toEqual({ code: status, reason });
  });
});

describe('a request is let through', () => {
  test.each([
    { sentence: 'when a match condition is false', policy: denying({}, condition("'a' == 'b'")) },
    {
      sentence: 'when it cannot be told and the failure policy is Ignore',
      policy: denying({ expression: 'object.nope == 1' }, { failurePolicy: 'Ignore' }),
    },
    { sentence: 'when it is excluded', policy: denying({}, matching({ exclude: ['seen'] })) },
    {
      sentence: 'when the object has not the labels',
      policy: denying({}, matching({ objectSelector: { matchLabels: { a: 'b' } } })),
    },
    {
      sentence: 'when the namespace has not the labels',
      policy: denying({}, matching({ namespaceSelector: { matchLabels: { a: 'b' } } })),
    },
    {
      sentence: 'when the binding is about others',
      policy: denying(),
      binding: { matchResources: { objectSelector: { matchLabels: { a: 'b' } } } },
    },
    {
      sentence: 'with no parameter, where that is allowed',
      policy: denying({}, { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } }),
      binding: { paramRef: { name: 'none', parameterNotFoundAction: 'Allow' } },
    },
    {
      sentence: 'and audited, when that is all the binding asks for',
      policy: denying(),
      binding: { validationActions: ['Audit'] },
    },
  ])('$sentence', async ({ policy, binding }) => {
    expect((await createUnder(policy, binding)).code).toBe(201);
  });

  test('with a warning, when that is all the binding asks for', async () => {
    const { code, headers } = await createUnder(denying({ message: 'no' }), {
      validationActions: ['Warn'],
    });
    expect(code).toBe(201);
    expect(headers.warning).toBe(
      "299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': no\"",
    );
  });
});

function condition(expression: string): object {
  return { matchConditions: [{ name: 'c', expression }] };
}

function matching({ exclude = [], ...selectors }: { exclude?: string[]; [key: string]: unknown }) {
  const excludeResourceRules = exclude.map((name) => ({
    ...ON_CONFIG_MAPS,
    resourceNames: [name],
  }));
  return {
    matchConstraints: { resourceRules: [ON_CONFIG_MAPS], excludeResourceRules, ...selectors },
  };
}

describe('parameters', () => {
  const kinds = { paramKind: { apiVersion: 'v1', kind: 'Namespace' } };

  test('are each held against the request', async () => {
    const policy = denying(
      { expression: "params.metadata.name != 'kube-public'", message: 'kube-public is there' },
      kinds,
    );
    const { body } = await createUnder(policy, {
      paramRef: { selector: {}, parameterNotFoundAction: 'Deny' },
    });
    expect(body.message).toBe(`${DENIED}kube-public is there`);
  });

  test.each([
    {
      sentence: 'that are not there refuse the request where the binding says so',
      policy: kinds,
      paramRef: { name: 'none', parameterNotFoundAction: 'Deny' },
      says: 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
    },
    {
      sentence: 'without a namespace of their own cannot be looked for in one',
      policy: kinds,
      paramRef: { name: 'default', namespace: 'default', parameterNotFoundAction: 'Allow' },
      says: 'failed to configure binding: paramRef.namespace must not be provided for a cluster-scoped `paramKind`',
    },
  ])('$sentence', async ({ policy, paramRef, says }) => {
    const { body } = await createUnder(denying({}, policy), { paramRef });
    expect(body.message).toBe(DENIED + says);
  });

  test('of a kind that is not served refuse the request', async () => {
    const paramKind = { apiVersion: 'none.example/v1', kind: 'None' };
    const { body } = await createUnder(denying({}, { paramKind }));
    expect(body.message).toContain(
      "'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'none.example/v1, Kind=None'",
    );
  });
});

describe('a policy is held against', () => {
  const onlyOn = (operation: string) =>
    denying({
      expression: `request.operation != '${operation}'`,
      messageExpression:
        "request.operation + ' ' + request.name + ' ' + request.options.kind + ' ' + string(object == null)",
    });
  const one = `${CONFIG_MAPS}/seen`;

  test.each([
    {
      sentence: 'updates',
      operation: 'UPDATE',
      ask: () => cluster.request('PUT', one, aConfigMap('seen')),
      says: 'UPDATE seen UpdateOptions false',
    },
    {
      sentence: 'patches',
      operation: 'UPDATE',
      ask: () => cluster.patch(one, { data: { a: 'b' } }),
      says: 'UPDATE seen UpdateOptions false',
    },
    {
      sentence: 'applies of what is there',
      operation: 'UPDATE',
      ask: () => cluster.patch(`${one}?fieldManager=m`, aConfigMap('seen'), 'apply'),
      says: 'UPDATE seen UpdateOptions false',
    },
    {
      sentence: 'deletions',
      operation: 'DELETE',
      ask: () => cluster.request('DELETE', one),
      says: 'DELETE seen DeleteOptions true',
    },
  ])('$sentence', async ({ operation, ask, says }) => {
    expect((await createUnder(onlyOn(operation))).code).toBe(201);
    expect((await ask()).body.message).toBe(DENIED + says);
    await cluster.request('DELETE', BINDINGS);
    expect((await ask()).code).toBe(200);
  });

  test('an apply that creates, as a creation', async () => {
    await writePolicy(onlyOn('CREATE'));
    await bind();
    const { body } = await cluster.patch(`${one}?fieldManager=m`, aConfigMap('seen'), 'apply');
    expect(body.message).toBe(`${DENIED}CREATE seen CreateOptions false`);
  });
});

describe('a policy about', () => {
  const about = (group: string, version: string, resources: string[], expression: string) => ({
    matchConstraints: {
      resourceRules: [{ apiGroups: [group], apiVersions: [version], operations: ['*'], resources }],
    },
    validations: [
      { expression, messageExpression: "request.kind.kind + ' ' + request.resource.group" },
    ],
  });

  test('a scale subresource sees the Scale, and nothing of other writes', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await cluster.request('POST', deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { selector: { matchLabels: labels }, template },
    });
    await writePolicy(about('apps', 'v1', ['deployments/scale'], 'object.spec.replicas < 2'));
    await bind();
    const scaled = await cluster.patch(`${deployments}/d/scale`, { spec: { replicas: 3 } });
    expect(scaled.body.message).toContain('denied request: Scale apps');
    const written = await cluster.patch(`${deployments}/d`, { spec: { replicas: 3 } });
    expect(written.code).toBe(200);
  });

  test.each([
    { matchPolicy: 'Equivalent', code: 422 },
    { matchPolicy: 'Exact', code: 201 },
  ])('one version, $matchPolicy, answers another with $code', async ({ matchPolicy, code }) => {
    const policy = about('', 'v1', ['events'], "object.involvedObject.name != 'p'");
    await writePolicy({ ...policy, matchConstraints: { ...policy.matchConstraints, matchPolicy } });
    await bind();
    const written = await cluster.request(
      'POST',
      '/apis/events.k8s.io/v1/namespaces/default/events',
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: `e-${matchPolicy.toLowerCase()}` },
        eventTime: '2026-01-01T00:00:00.000000Z',
        type: 'Normal',
        reason: 'Seen',
        action: 'Look',
        reportingController: 'example.org/tests',
        reportingInstance: 'tests',
        regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
      },
    );
    expect(written.code).toBe(code);
  });
});

describe('a policy is refused', () => {
  const validation = (fields: object) => ({ validations: [{ expression: 'true', ...fields }] });

  test.each([
    {
      sentence: 'whose expression does not parse',
      spec: denying({ expression: 'object.' }),
      field: 'spec.validations[0].expression',
    },
    {
      sentence: 'whose expression is not a bool',
      spec: denying({ expression: 'object.metadata' }),
      field: 'spec.validations[0].expression',
    },
    {
      sentence: 'that reads parameters without a kind for them',
      spec: denying({ expression: 'params == null' }),
      field: 'spec.validations[0].expression',
    },
    {
      sentence: 'that reads a variable before it is declared',
      spec: denying({}, { variables: [{ name: 'a', expression: 'variables.b' }] }),
      field: 'spec.variables[0].expression',
    },
    {
      sentence: 'that asks the authorizer, which is not supported',
      spec: denying({ expression: "authorizer.path('/').check('get').allowed()" }),
      field: 'spec.validations[0].expression',
    },
    {
      sentence: 'whose match condition reads variables',
      spec: denying({}, condition('variables.a')),
      field: 'spec.matchConditions[0].expression',
    },
    {
      sentence: 'whose message expression is not a string',
      spec: validation({ messageExpression: '1' }),
      field: 'spec.validations[0].messageExpression',
    },
    {
      sentence: 'with a reason that has no code',
      spec: validation({ reason: 'Other' }),
      field: 'spec.validations[0].reason',
    },
    { sentence: 'that validates nothing', spec: {}, field: 'spec.validations' },
    {
      sentence: 'about nothing',
      spec: denying({}, { matchConstraints: { resourceRules: [] } }),
      field: 'spec.matchConstraints.resourceRules',
    },
    {
      sentence: 'about a subresource whose writes are not reviewed',
      spec: denying(
        {},
        {
          matchConstraints: {
            resourceRules: [{ ...ON_CONFIG_MAPS, resources: ['serviceaccounts/token'] }],
          },
        },
      ),
      field: 'spec.matchConstraints.resourceRules[0].resources[0]',
    },
  ])('$sentence', async ({ spec, field }) => {
    const { code, body } = await writePolicy(spec);
    expect(code).toBe(422);
    expect(body.details?.causes?.map((cause) => cause.field)).toContain(field);
  });
});

describe('a binding is refused', () => {
  test.each([
    {
      sentence: 'without actions',
      spec: { validationActions: [] },
      field: 'spec.validationActions',
    },
    {
      sentence: 'that both denies and warns',
      spec: { validationActions: ['Deny', 'Warn'] },
      field: 'spec.validationActions',
    },
    { sentence: 'without a policy', spec: { policyName: '' }, field: 'spec.policyName' },
    {
      sentence: 'with parameters that are not named',
      spec: { paramRef: { parameterNotFoundAction: 'Deny' } },
      field: 'spec.paramRef',
    },
    {
      sentence: 'that does not say what follows from missing parameters',
      spec: { paramRef: { selector: {} } },
      field: 'spec.paramRef.parameterNotFoundAction',
    },
  ])('$sentence', async ({ spec, field }) => {
    const { code, body } = await bind(spec);
    expect(code).toBe(422);
    expect(body.details?.causes?.map((cause) => cause.field)).toContain(field);
  });
});

describe('the guard of environments', () => {
  test('is taken by this server as it is', async () => {
    const documents = parseAllDocuments(readFileSync('deploy/environment-guard.yaml', 'utf8'));
    const [policy, binding] = documents.map((document) => document.toJS() as object);
    expect((await cluster.request('POST', POLICIES, policy)).code).toBe(201);
    expect((await cluster.request('POST', BINDINGS, binding)).code).toBe(201);
  });
});
