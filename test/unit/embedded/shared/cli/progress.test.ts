import { formatSeconds, progressPrinter } from '../../../../../embedded/shared/cli/progress';

function record(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  const printer = progressPrinter(stream, () => time);
  return {
    written,
    end: printer.end,
    at: (seconds: number, kind: 'step' | 'update', text: string) => {
      time = seconds * 1000;
      printer.report({ kind, text });
    },
  };
}

test('without a terminal updates are lines, at most one in 15 seconds', () => {
  const { written, at } = record(false);
  at(0, 'step', 'building');
  at(14, 'update', 'too soon');
  at(15, 'update', 'in time');
  at(16, 'step', 'next');
  at(30, 'update', 'too soon after a step');
  expect(written).toEqual(['building\n', 'in time\n', 'next\n']);
});

test('on a terminal an update rewrites the line, cut to its width', () => {
  const { written, at, end } = record(true);
  const erase = '\r\u001b[2K';
  at(0, 'update', 'longer than the terminal is wide');
  at(1, 'step', 'done');
  end();
  expect(written).toEqual([`${erase}longer than the ter`, erase, 'done\n']);
});

test('times are short to read', () => {
  expect([59.9, 60, 605].map(formatSeconds)).toEqual(['59s', '1m00s', '10m05s']);
});
