import type { SubjectReader, SubjectSnapshot } from './subjects.ts';

interface Shared {
  current: Promise<SubjectSnapshot>;
  /** Begins when `current` has ended; everybody who came meanwhile has it. */
  next?: Promise<SubjectSnapshot>;
}

/**
 * Lets callers who ask for one subject at the same time share a read. Nobody gets a read that began before they asked:
 * it might not have seen what they know.
 */
export function shareReads(subjects: SubjectReader): SubjectReader {
  const reads = new Map<string, Shared>();

  function begin(key: string, read: () => Promise<SubjectSnapshot>): Promise<SubjectSnapshot> {
    const shared: Shared = { current: read() };
    reads.set(key, shared);
    const end = () => {
      if (!shared.next) reads.delete(key);
    };
    shared.current.then(end, end);
    return shared.current;
  }

  return {
    read(kind, ownerId, id) {
      const key = `${kind}/${ownerId}/${id}`;
      const read = () => subjects.read(kind, ownerId, id);
      const shared = reads.get(key);
      if (!shared) return begin(key, read);
      const after = () => begin(key, read);
      shared.next ??= shared.current.then(after, after);
      return shared.next;
    },
  };
}
