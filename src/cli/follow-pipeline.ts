import pc from 'picocolors';
import type { Client } from '../client/create-client.ts';
import type { Io } from './command.ts';

const marks: Record<string, string> = {
  succeeded: pc.green('✔'),
  failed: pc.red('✘'),
  blocked: pc.red('■'),
  cancelled: pc.yellow('■'),
};

/** Shows a pipeline's stages as they happen, on standard error, until it ends. */
export async function followPipeline(io: Io, client: Client, id: string): Promise<void> {
  const view = createView(io);
  try {
    for await (const message of client.follow('pipelines', id, { since: 0 })) {
      if (message.type !== 'event') continue;
      const { type, data } = message.event;
      const stage = typeof data['stage'] === 'string' ? data['stage'] : '';
      if (type === 'stage.started') view.start(stage);
      else if (type.startsWith('stage.') && type !== 'stage.queued')
        view.end(stage, type.slice('stage.'.length));
      else if (['succeeded', 'failed', 'blocked', 'cancelled'].includes(type)) return;
    }
  } finally {
    view.close();
  }
}

/** On a terminal a line that turns; elsewhere a line at each stage's end. */
function createView(io: Io) {
  const live = io.stderr.isTTY === true;
  const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
  let timer: NodeJS.Timeout | undefined;
  let started = performance.now();

  function stop() {
    clearInterval(timer);
    timer = undefined;
    if (live) io.stderr.write('\r\x1b[K');
  }

  return {
    start(stage: string) {
      stop();
      started = performance.now();
      let turn = 0;
      if (live) {
        timer = setInterval(() => {
          turn += 1;
          io.stderr.write(
            `\r\x1b[K${pc.cyan(frames[turn % frames.length] ?? '')} ${stage} ${pc.dim(seconds(started))}`,
          );
        }, 80);
      }
    },
    end(stage: string, state: string) {
      stop();
      io.stderr.write(`${marks[state] ?? '·'} ${stage.padEnd(9)} ${pc.dim(seconds(started))}\n`);
    },
    close: stop,
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
