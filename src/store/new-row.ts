import { bound, keepFresh, type Tx } from './db.ts';

/** A row that is not written yet: on its own, or in one statement with the job that will fill it. */
export interface NewRow {
  id: string;
  /** INSERT of one row, up to its VALUES; the table has `created_at`. */
  text: string;
  values: readonly unknown[];
  /** What its owner sees, where that is shown without asking again. @param createdAt the time of the transaction */
  toView?(createdAt: Date): unknown;
}

/** Writes it; nothing waits for the answer but the commit. */
export function insertRow(tx: Tx, row: NewRow): void {
  keepNewRow(tx, row, tx.send(bound(`${row.text} returning created_at`, row.values)));
}

/** @param written answers of a statement that writes the row, or another one in the same transaction */
export function keepNewRow(tx: Tx, row: NewRow, written: Promise<{ created_at: Date }[]>): void {
  const { toView } = row;
  if (toView) keepFresh(tx, row.id, written, ({ created_at }) => toView(created_at));
}
