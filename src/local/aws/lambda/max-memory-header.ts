/** Our runtime's addition to the Runtime API, in MiB: in AWS the platform sees a process's memory from outside. */
export const MAX_MEMORY_HEADER = 'payments-dr-max-memory-mib';
