/**
 * The log: one line an event, to stderr, so that stdout stays for results.
 *
 * Lines are JSON (`time`, `level`, `part`, `message`, then what the caller adds), which a log collector reads as it is.
 */
import { systemClock, type Clock } from './clock.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** The same log, with `part` naming who speaks. */
  child(part: string): Log;
}

export interface LogOptions {
  /** The least level that is written. @default 'info' */
  readonly level?: LogLevel;
  readonly part?: string;
  readonly clock?: Clock;
  /** Takes one line, without its newline. @default stderr */
  readonly write?: (line: string) => void;
}

export function createLog(options: LogOptions = {}): Log {
  const { level = 'info', part, clock = systemClock } = options;
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const least = LOG_LEVELS.indexOf(level);
  const at = (lineLevel: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (LOG_LEVELS.indexOf(lineLevel) < least) return;
    const time = new Date(clock.now()).toISOString();
    write(JSON.stringify({ time, level: lineLevel, part, message, ...printable(fields) }));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (name) => createLog({ ...options, part: part === undefined ? name : `${part}.${name}` }),
  };
}

/** A log that writes nothing. */
export const silentLog: Log = createLog({ level: 'silent' });

function printable(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  if (fields === undefined) return {};
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? `${value.name}: ${value.message}` : value,
    ]),
  );
}
