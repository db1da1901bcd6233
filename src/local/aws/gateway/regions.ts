/** The regions that the local AWS has, which are the model's, and the one that the services without a region live in. */
import { AWS_REGIONS } from '../../../model/regions.js';

/** As plain names: what comes over the wire may be any text. */
export const COMMERCIAL_REGIONS: readonly string[] = AWS_REGIONS;

/** Where IAM's control plane lives, and what an unsigned call on the gateway is taken to mean. */
export const HOME_REGION = 'us-east-1';
