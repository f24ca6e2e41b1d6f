import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A page as it is, in a browser: what somebody does with it, and what is to be seen then. */
export interface OpenPage {
  press: (key: 'Tab' | 'Enter') => Promise<void>;
  /** The value of an expression. */
  look: (expression: string) => Promise<unknown>;
  onPaper: () => Promise<unknown>;
}

interface Answer {
  /** Events have none. */
  id?: number;
  result?: unknown;
  error?: { message: string };
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<unknown>;

const KEYS = { Tab: { windowsVirtualKeyCode: 9 }, Enter: { windowsVirtualKeyCode: 13, text: '\r' } };

/** Opens a page in chromium, which real keys go to: a script's own would move no focus. */
export async function withOpenPage(chromium: string, url: string, use: (page: OpenPage) => Promise<void>) {
  const profile = await mkdtemp(path.join(tmpdir(), 'aios-page-'));
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
  const browser = spawn(chromium, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = once(browser, 'close');
  try {
    const send = messages(browser.stdio[3] as Writable, browser.stdio[4] as Readable);
    const { targetId } = (await send('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
    const attached = await send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached as { sessionId: string };
    const look = async (expression: string) => {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result } = (await send('Runtime.evaluate', params, sessionId)) as { result: { value?: unknown } };
      return result.value;
    };
    await send('Page.navigate', { url }, sessionId);
    await look('new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))');
    await use({
      look,
      press: async (key) => {
        for (const type of ['keyDown', 'keyUp'])
          await send('Input.dispatchKeyEvent', { type, key, code: key, ...KEYS[key] }, sessionId);
      },
      onPaper: () => send('Emulation.setEmulatedMedia', { media: 'print' }, sessionId),
    });
  } finally {
    browser.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Messages of the DevTools protocol over a pipe: JSON, each ended by a zero. */
function messages(output: Writable, input: Readable): Send {
  const waiting = new Map<number, (answer: Answer) => void>();
  let rest = '';
  let last = 0;
  input.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer;
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    }
  });
  return (method, params = {}, sessionId) => {
    const id = ++last;
    output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ error, result }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  };
}
