/** What is to be said of a package: whether it is known here, and whether what it stands for is there. */
import type { ConditionText } from '../conditions.js';
import {
  builtInFunction,
  isBuiltInConfiguration,
  providerGroups,
  repositoryOf,
} from './catalogue.js';
import { developmentTarget } from './function-directory.js';
import type { Package } from './package.js';

export interface Verdict {
  /** Why the package cannot be installed; then there is no revision of it. */
  readonly refusal?: string;
  /** Why what it stands for does not work. */
  readonly problem?: string;
  /** Where its function is called, for functions. */
  readonly endpoint?: string;
}

export function verdict(object: Package, servedGroups: ReadonlySet<string>): Verdict {
  const image = object.spec.package;
  switch (object.kind) {
    case 'Function': {
      const target = developmentTarget(object);
      if (target !== undefined) return { endpoint: target };
      if (builtInFunction(image) !== undefined) {
        return { endpoint: `in-process:///${repositoryOf(image)}` };
      }
      return {
        refusal: `cannot install ${image}: only function-patch-and-transform and function-auto-ready are built in; run any other as a process, with the annotations of crossplane render's Development runtime`,
      };
    }
    case 'Provider': {
      const groups = providerGroups(image);
      if (groups === undefined) {
        return { refusal: `cannot install ${image}: only provider-aws is known` };
      }
      const missing = groups.filter((group) => !servedGroups.has(group));
      if (missing.length === 0) return {};
      return { problem: `no provider serves ${missing.join(', ')}: start one that does` };
    }
    default:
      if (isBuiltInConfiguration(image)) return {};
      return {
        refusal: `cannot install ${image}: packages are not pulled; apply its files instead`,
      };
  }
}

/** The conditions of a package without a revision, because it cannot be installed. */
export function refused(message: string): readonly ConditionText[] {
  return [
    { type: 'Installed', status: 'False', reason: 'UnpackingPackage', message },
    { type: 'Healthy', status: 'False', reason: 'UnhealthyPackageRevision', message },
  ];
}

export function packageConditions(
  { problem }: Verdict,
  isActive: boolean,
): readonly ConditionText[] {
  return [
    isActive
      ? { type: 'Installed', status: 'True', reason: 'ActivePackageRevision' }
      : {
          type: 'Installed',
          status: 'False',
          reason: 'InactivePackageRevision',
          message: 'Package is inactive',
        },
    health('Healthy', problem === undefined ? undefined : describe(problem)),
  ];
}

/** The conditions of a revision: that its contents are installed, and for what runs, that it does. */
export function revisionConditions(
  { problem }: Verdict,
  hasRuntime: boolean,
): readonly ConditionText[] {
  const revision = health('RevisionHealthy', undefined);
  return hasRuntime ? [revision, health('RuntimeHealthy', problem)] : [revision];
}

const describe = (problem: string): string =>
  `Package runtime health is "False" with message: ${problem}`;

function health(type: string, problem: string | undefined): ConditionText {
  return problem === undefined
    ? { type, status: 'True', reason: 'HealthyPackageRevision' }
    : { type, status: 'False', reason: 'UnhealthyPackageRevision', message: problem };
}
