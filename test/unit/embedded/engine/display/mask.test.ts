import { SecretMask } from '../../../../../embedded/engine/display/mask';
import { Secret, type Value } from '../../../../../embedded/engine/values/value';

function masking(...values: Value[]): SecretMask {
  const mask = new SecretMask();
  values.forEach((value) => mask.learn(value));
  return mask;
}

test('a secret is taken out of texts, as it is and as it is spelled elsewhere', () => {
  const secret = 'pa"ss/w rd';
  const mask = masking({ deep: [new Secret({ key: secret })] });
  for (const spelled of [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]) {
    expect(mask.apply(`before ${spelled} after`)).toMatch(/^before "?\[secret\]"? after$/);
  }
});

test('a secret in base64, as Kubernetes has it, is known in plain text too', () => {
  const mask = masking(new Secret(Buffer.from('hunter2-hunter2').toString('base64')));
  expect(mask.apply('login with hunter2-hunter2 failed')).toBe('login with [secret] failed');
});

test('a line of a secret text is secret', () => {
  const mask = masking(new Secret('-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n'));
  expect(mask.apply('bad line MIIEvQIBADANBgkqhkiG, short')).toBe('bad line [secret], short');
});

test('what contains another secret is masked as a whole', () => {
  const mask = masking(new Secret('secret-part'), new Secret('the-secret-part-and-more'));
  expect(mask.apply('the-secret-part-and-more')).toBe('[secret]');
});

test('what is not secret, or too short to be told from words, stays', () => {
  const mask = masking({ plain: 'ordinary' }, new Secret('yes'), new Secret(true), new Secret({ 'the-key': 1 }));
  expect(mask.apply('ordinary yes true the-key')).toBe('ordinary yes true the-key');
});

test('secrets learned after a first use are masked as well', () => {
  const mask = masking(new Secret('first-one'));
  expect(mask.apply('first-one second-one')).toBe('[secret] second-one');
  mask.learn(new Secret('second-one'));
  expect(mask.apply('first-one second-one')).toBe('[secret] [secret]');
});
