/**
 * The Composition: what a claim becomes.
 *
 * Names, regions and settings go from the claim into the templates; what AWS answers (the account, ARNs) goes into the
 * composite's status, and from there into the templates that waited for it. A claim is complete in three passes: everything
 * that needs only the claim; what needs the account or a topic's ARN; replication, once both buckets keep versions.
 */
import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { apiVersionOf, CLAIM_API } from '../model/claim/api.js';
import type { Form } from '../model/managed/kind.js';
import { SITES } from '../model/regions.js';
import { definitionName } from './composite-definition.js';
import { FUNCTIONS } from './packages/versions.js';
import { Alarms } from './resources/alarms.js';
import { AuditBucket } from './resources/buckets.js';
import { FunctionRole } from './resources/function-role.js';
import { PaymentFunction } from './resources/functions.js';
import { Notifications } from './resources/notifications.js';
import { BucketReplication } from './resources/replication.js';
import { ReplicationRole } from './resources/replication-role.js';
import { PaymentsTable } from './resources/table.js';
import { Resources } from './template/resources.js';

export class Composition extends Construct {
  readonly resources: Resources;

  constructor(scope: Construct, form: Form) {
    super(scope, 'composition');
    const resources = new Resources(this, 'resources', form);
    this.resources = resources;
    new PaymentsTable(resources);
    new ReplicationRole(resources);
    new FunctionRole(resources);
    for (const site of SITES) {
      new AuditBucket(resources, site);
      new BucketReplication(resources, site);
      new PaymentFunction(resources, site);
      new Notifications(resources, site);
      new Alarms(resources, site);
    }
    new ApiObject(this, 'object', {
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: definitionName(form) },
      spec: {
        compositeTypeRef: { apiVersion: apiVersionOf(form), kind: CLAIM_API[form].composite.kind },
        mode: 'Pipeline',
        pipeline: [
          {
            step: 'compose',
            functionRef: { name: FUNCTIONS.patchAndTransform.name },
            input: Lazy.any({ produce: () => resources.render() }) as unknown,
          },
          { step: 'judge-readiness', functionRef: { name: FUNCTIONS.autoReady.name } },
        ],
      },
    });
  }
}
