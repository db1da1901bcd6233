/**
 * Our own errors: one catalogue, each with a permanent code, whether trying again can help, and what a person should do.
 *
 * `docs/errors.md` lists the same codes; a test compares the two. Errors of the Kubernetes API and of AWS keep their own shapes.
 */
interface CatalogueEntry {
  /** What went wrong, in the words that follow the subject. */
  readonly says: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

export const CATALOGUE = {
  PDR1001: {
    says: 'the kubeconfig cannot be read',
    remedy: 'check the path, or leave --kubeconfig out to use KUBECONFIG or ~/.kube/config',
    retryable: false,
  },
  PDR1002: {
    says: 'the port is in use',
    remedy: 'stop what listens there, or pass --port 0 to take any free one',
    retryable: false,
  },
  PDR1003: {
    says: 'the state directory is in use by another process',
    remedy: 'stop that process (payments-dr down), or name another directory with --state',
    retryable: false,
  },
  PDR1004: {
    says: 'the state directory cannot be used',
    remedy: 'move it away to keep it for study, or delete it to start afresh',
    retryable: false,
  },
  PDR1005: {
    says: 'the Kubernetes API does not answer',
    remedy: 'check that the server of the kubeconfig runs and can be reached',
    retryable: true,
  },
  PDR1006: {
    says: 'the option has a value that cannot be used',
    remedy: 'see --help for what it takes',
    retryable: false,
  },
  PDR1007: {
    says: 'this step of the demonstration did not hold',
    remedy: 'read the reason above; --log-level debug shows what each part did',
    retryable: false,
  },
  PDR1008: {
    says: 'it does not stop',
    remedy: 'look at what it does, then end it with kill -9: nothing acknowledged is lost by that',
    retryable: true,
  },
  PDR1009: {
    says: 'generated files are out of date',
    remedy: 'run npm run synth and commit the result',
    retryable: false,
  },
  PDR1010: {
    says: 'the file is not valid YAML',
    remedy: 'mend the line that the message names',
    retryable: false,
  },
  PDR1011: {
    says: 'the file holds no PaymentsDR claim',
    remedy: 'name a file with a claim in it; examples/claim.yaml is one',
    retryable: false,
  },
  PDR1012: {
    says: 'no local AWS runs from this state directory',
    remedy: 'start it with payments-dr up, or name its directory with --state',
    retryable: false,
  },
  PDR1013: {
    says: 'the cluster does not accept the credentials of the kubeconfig',
    remedy: 'log in again with what made the kubeconfig, then try kubectl auth whoami',
    retryable: false,
  },
  PDR1014: {
    says: 'the cluster does not permit it',
    remedy:
      'ask who runs the cluster for the ClusterRole payments-dr-edit or payments-dr-view (deploy/access.yaml)',
    retryable: false,
  },
  PDR1015: {
    says: 'the cluster does not serve PaymentsDR claims',
    remedy:
      'see what is missing with payments-dr doctor; payments-dr up starts a platform that has it all',
    retryable: false,
  },
  PDR1016: {
    says: 'there is no such claim',
    remedy:
      'see which there are with kubectl get paymentsdrs.payments.example.org,paymentsdrs.payments.m.example.org -A',
    retryable: false,
  },
  PDR1017: {
    says: 'the claim is not Ready in time',
    remedy: 'see what holds it up with payments-dr status, or give it longer with --timeout',
    retryable: true,
  },
  PDR1018: {
    says: 'the claim was deleted meanwhile',
    remedy:
      'find out who deleted it with payments-dr events, and apply it again if that was a mistake',
    retryable: false,
  },
  PDR1019: {
    says: 'the claim is not valid',
    remedy: 'mend the fields that are named above; kubectl explain pdr.spec tells what they take',
    retryable: false,
  },
  PDR1020: {
    says: 'the file cannot be read',
    remedy: 'check the path; - stands for standard input',
    retryable: false,
  },
  PDR1021: {
    says: 'the file exists already',
    remedy: 'name another file, or pass --force to overwrite it',
    retryable: false,
  },
  PDR1022: {
    says: 'the payment did not go through',
    remedy:
      "read the reason above; payments-dr status tells whether the region's function is ready",
    retryable: true,
  },
  PDR1023: {
    says: 'the Composition cannot be rendered for this claim',
    remedy:
      'validate the claim with payments-dr validate; if it is valid, the Composition is at fault',
    retryable: false,
  },
  PDR1024: {
    says: 'the claim has nothing of that yet',
    remedy: 'wait until it is Ready with payments-dr status --watch',
    retryable: true,
  },
  PDR1025: {
    says: 'another field manager owns fields that this would change',
    remedy: 'leave those fields to it, or take them over with --force-conflicts',
    retryable: false,
  },
  PDR1026: {
    says: 'the cluster has an older definition of PaymentsDR than this command',
    remedy: 'upgrade it with kubectl apply -f crds/ -f compositions/, or take the new fields out',
    retryable: false,
  },
  PDR1027: {
    says: 'the namespace does not exist',
    remedy: 'create it with kubectl create namespace, or name another with -n',
    retryable: false,
  },
  PDR1028: {
    says: 'a Configuration package cannot hold it',
    remedy: 'run npm run synth, which writes deploy/crossplane.yaml, crds/ and compositions/',
    retryable: false,
  },
  PDR1029: {
    says: 'the file cannot be written',
    remedy: 'check that its directory exists and can be written to',
    retryable: false,
  },
  PDR1030: {
    says: 'another claim has this environment already',
    remedy: 'choose another environmentSuffix: every name in AWS ends in it',
    retryable: false,
  },
  PDR1031: {
    says: 'the handler refused the payment',
    remedy:
      'mend what the reason names; an id stays with the amount and currency that used it first',
    retryable: false,
  },
  PDR1032: {
    says: 'missing on the command line',
    remedy: 'give what is named; --help tells what each takes',
    retryable: false,
  },
  PDR2001: {
    says: 'you are not signed in, or the session has ended',
    remedy: 'sign in again',
    retryable: false,
  },
  PDR2002: {
    says: 'the cluster does not allow you this',
    remedy:
      'ask the platform team for the right that the message names; the roles view, edit and admin carry those of claims',
    retryable: false,
  },
  PDR2003: {
    says: 'the cluster does not serve this API',
    remedy:
      'install the definition (crds/ and compositions/), or wait until Crossplane has established it',
    retryable: true,
  },
  PDR2004: {
    says: 'there is no such claim, or not any more',
    remedy: 'go back to the list of claims',
    retryable: false,
  },
  PDR2005: {
    says: 'somebody changed it meanwhile',
    remedy: 'look at it as it is now, then try again',
    retryable: true,
  },
  PDR2006: {
    says: 'the cluster refuses the claim',
    remedy: 'mend the fields that are marked',
    retryable: false,
  },
  PDR2007: {
    says: 'the portal cannot take this request',
    remedy: 'reload the page; where it comes back, tell who runs the portal',
    retryable: false,
  },
  PDR2008: {
    says: 'too many requests at once',
    remedy: 'wait a moment, then try again',
    retryable: true,
  },
  PDR2009: {
    says: 'the portal has not been given this',
    remedy: 'it is on where the portal is started with --aws-metrics or --test-payments',
    retryable: false,
  },
  PDR2010: {
    says: 'the payment was not acknowledged',
    remedy: 'see whether the region is down; a payment can go through the other one',
    retryable: true,
  },
  PDR2011: {
    says: 'this link was used already, or is not one of ours',
    remedy: 'sign in with a token, or start payments-dr up again for a new link',
    retryable: false,
  },
  PDR2012: {
    says: 'something in the portal itself failed',
    remedy: 'try again; where it comes back, its log tells more',
    retryable: true,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

export interface PdrErrorDetails {
  /** What the error is about: a path, an object, an option. */
  readonly subject: string;
  /** Adds to the catalogue's words what only the place of the error knows. */
  readonly detail?: string;
  readonly cause?: unknown;
}

export class PdrError extends Error {
  override readonly name = 'PdrError';
  readonly code: ErrorCode;
  readonly subject: string;

  constructor(code: ErrorCode, { subject, detail, cause }: PdrErrorDetails) {
    const says = detail === undefined ? CATALOGUE[code].says : `${CATALOGUE[code].says}: ${detail}`;
    super(`${subject}: ${says}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.subject = subject;
  }

  get remedy(): string {
    return CATALOGUE[this.code].remedy;
  }

  get retryable(): boolean {
    return CATALOGUE[this.code].retryable;
  }
}
