import { mongodbRelease, releaseFault } from '../../../../infra/config';

test.each([
  ['mongo:6.0', '6.0'],
  ['registry.example:5000/library/mongo:7.0.28-jammy', '7.0.28'],
  ['mongo:v8.0.17', '8.0.17'],
  ['mongo:latest', undefined],
  ['mongo:6', undefined],
  ['mongo', undefined],
  [`mongo@sha256:${'0'.repeat(64)}`, undefined],
])('%s is MongoDB %s', (image, release) => {
  expect(mongodbRelease(image)).toBe(release);
});

test('a release that can be read without a password is told of, with the one that cannot', () => {
  expect(releaseFault('6.0.20')).toMatch(/CVE-2025-14847.*: 6\.0\.27 does not$/);
  expect(['7.0', '7.0.28', '8.0.17', '9.0.0'].map(releaseFault)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a series that gets no fixes any more is told of, with where to go', () => {
  const told = 'has had no fixes since July 2025: go up to 7.0.28, one major at a time (docs/operations.md)';
  expect(['6.0', '6.0.27'].map(releaseFault)).toEqual([told, told]);
});
