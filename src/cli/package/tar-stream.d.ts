/** The part of tar-stream that is used here: its package brings no types. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  interface Header {
    readonly name: string;
    readonly size?: number;
    readonly mode?: number;
    readonly mtime?: Date;
    readonly type?: 'file' | 'directory';
  }
  interface Pack extends Readable {
    entry(header: Header, content: string | Buffer): Writable;
    finalize(): void;
  }
  interface Extract extends Writable {
    on(
      event: 'entry',
      listener: (header: Header, stream: Readable, next: () => void) => void,
    ): this;
    on(event: string, listener: (...args: unknown[]) => void): this;
  }
  export function pack(): Pack;
  export function extract(): Extract;
}
