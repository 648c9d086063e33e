import { expect, test } from 'vitest';

test('a test runs on Node 24, the engine the product is built for', () => {
  expect(process.versions.node.split('.')[0]).toBe('24');
});
