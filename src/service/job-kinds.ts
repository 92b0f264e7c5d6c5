/** The kinds of jobs that a worker may be limited to, for the command line: it knows the service, not the queue. */
export { type JobKind, jobKinds } from '../queue/kinds.ts';
