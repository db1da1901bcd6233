/** The errors that several operations of S3 answer with. */
import { AwsError } from '../service.js';

export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError('InvalidArgument', message, 400, {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}

export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `${what} is not supported by the local S3.`, 501);
}
