import { forgeBroadcast } from './forge-broadcast.ts';
import { ignitionJournal } from './ignition-journal.ts';
import type { HistoryFormat } from './types.ts';

/** LIST of the ways in which other tools write down what they deployed. */
export const historyFormats: readonly HistoryFormat[] = [forgeBroadcast, ignitionJournal];
