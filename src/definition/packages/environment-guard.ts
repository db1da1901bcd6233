/**
 * One environment, one namespace: the guard of the namespaced form (docs/decisions/0003).
 *
 * There the managed resources live in the claim's own namespace, where their names cannot collide with those of another.
 * So a namespace must be granted an environment by its label before a claim for it is admitted, and none other may have
 * the same grant. Claims of the cluster form need no grant of their own, but keep clear of environments that are granted.
 */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { API_VERSION, CLAIM_API } from '../../model/claim/api.js';
import { ENVIRONMENT_GRANT_PREFIX } from '../../model/labels.js';

const NAME = 'payments-dr-environments';

const { cluster, namespaced } = CLAIM_API;

export class EnvironmentGuard extends Construct {
  constructor(scope: Construct) {
    super(scope, 'environment-guard');
    new ApiObject(this, 'policy', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: NAME },
      spec: {
        failurePolicy: 'Fail',
        // Every namespace is a parameter: the rules are held against each of them.
        paramKind: { apiVersion: 'v1', kind: 'Namespace' },
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [cluster.group, namespaced.group],
              apiVersions: [API_VERSION],
              // The environment cannot be changed later, and a grant taken away must not stop updates.
              operations: ['CREATE'],
              resources: [cluster.claim.plural],
            },
          ],
        },
        variables: [
          {
            name: 'grant',
            expression: `'${ENVIRONMENT_GRANT_PREFIX}' + object.spec.environmentSuffix`,
          },
          {
            name: 'isGrantedHere',
            expression:
              'has(namespaceObject.metadata.labels) && variables.grant in namespaceObject.metadata.labels',
          },
          {
            name: 'isGrantedThere',
            expression: 'has(params.metadata.labels) && variables.grant in params.metadata.labels',
          },
        ],
        validations: [
          {
            expression: `request.kind.group != '${namespaced.group}' || variables.isGrantedHere`,
            messageExpression:
              "'the namespace ' + object.metadata.namespace + ' has no grant for environment ' + object.spec.environmentSuffix + " +
              "'; who runs the cluster grants it with: kubectl label namespace ' + object.metadata.namespace + ' ' + variables.grant + '=granted'",
            reason: 'Forbidden',
          },
          {
            expression:
              'params.metadata.name == object.metadata.namespace || !variables.isGrantedThere',
            messageExpression:
              "'environment ' + object.spec.environmentSuffix + ' is granted to namespace ' + params.metadata.name + '; choose another environmentSuffix'",
            reason: 'Forbidden',
          },
        ],
      },
    });
    new ApiObject(this, 'binding', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: NAME },
      spec: {
        policyName: NAME,
        validationActions: ['Deny'],
        paramRef: { selector: {}, parameterNotFoundAction: 'Deny' },
      },
    });
  }
}
