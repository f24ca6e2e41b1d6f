import { Redaction } from '../../../../policies/provider/redaction';
import { Secret } from '../../../../policies/provider/wire/value';

test('secrets are taken out of texts, at any depth, whole or in part', () => {
  const yaml = 'users:\n- name: u\n  user:\n    token: abcdefgh\n    client-key-data: S0VZREFUQQ==\n';
  const json = '{"users":[{"user":{"password":"correct horse"}}]}';
  const redaction = new Redaction({ plain: 'visible', list: [{ key: new Secret({ inner: 'hunter22' }) }] }, [
    new Secret(yaml),
    new Secret(json),
  ]);
  const text = `visible hunter22, token abcdefgh, key S0VZREFUQQ==, ${yaml} ${JSON.stringify({ yaml })} correct horse`;
  const shown = redaction.apply(text);
  for (const secret of ['hunter22', 'abcdefgh', 'S0VZREFUQQ==', 'correct horse']) expect(shown).not.toContain(secret);
  expect(shown).toMatch(/^visible \[secret\], token \[secret\]/);
});
