/** How the providers run: under one service account, which EKS lets take on an IAM role (IRSA). */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export const PROVIDER_RUNTIME = 'provider-aws';

/** A placeholder: the account and the role are the platform team's. */
export const PROVIDER_ROLE_ARN = 'arn:aws:iam::123456789012:role/crossplane-provider-aws';

export class ProviderRuntime extends ApiObject {
  constructor(scope: Construct) {
    super(scope, 'runtime', {
      apiVersion: 'pkg.crossplane.io/v1beta1',
      kind: 'DeploymentRuntimeConfig',
      metadata: { name: PROVIDER_RUNTIME },
      spec: {
        serviceAccountTemplate: {
          metadata: {
            name: PROVIDER_RUNTIME,
            annotations: { 'eks.amazonaws.com/role-arn': PROVIDER_ROLE_ARN },
          },
        },
      },
    });
  }
}
