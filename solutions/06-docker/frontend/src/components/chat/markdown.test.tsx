import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Markdown } from './markdown';

const show = (text: string) => render(<Markdown text={text} />).container;

test('what is marked is shown so', () => {
  const box = show('Some **bold**, *slanted* and `code`.\n\n1. one\n2. two\n\n- [x] done');
  expect(box.querySelector('strong')?.textContent).toBe('bold');
  expect(box.querySelector('em')?.textContent).toBe('slanted');
  expect(box.querySelector('code')?.textContent).toBe('code');
  expect(box.querySelectorAll('ol > li')).toHaveLength(2);
});

test.each([
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  'a <b onclick="alert(1)">b</b> c',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<svg/onload=alert(1)>',
])('%s is text', (text) => {
  const box = show(text);
  expect(box.querySelector('img, script, b, iframe, svg')).toBeNull();
  expect(box.textContent).toContain(text);
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:x)',
  '[x](//elsewhere.example)',
  '<javascript:alert(1)>',
])('%s is no link', (text) => {
  expect(show(text).querySelector('a')).toBeNull();
});

test('a link goes to the web, in a tab that knows nothing of this one', () => {
  show('[the web](https://example.com/a?b=c&d=e)');
  const link = screen.getByRole('link', { name: 'the web' });
  expect(link.getAttribute('href')).toBe('https://example.com/a?b=c&d=e');
  expect(link.getAttribute('rel')).toContain('noopener');
});

test('a picture is not fetched', () => {
  const box = show('![chart](https://example.com/secret.png)');
  expect(box.querySelector('img')).toBeNull();
  expect(screen.getByRole('link', { name: 'chart' })).toBeTruthy();
});

test.each([
  ['[![chart](https://a.example/b.png)](https://c.example)', 'chart'],
  ['[**![chart](https://a.example/b.png)**](https://c.example)', 'chart'],
  ['[![](https://a.example/b.png)](https://c.example)', 'https://a.example/b.png'],
  ['[<https://a.example>](https://c.example)', 'https://a.example'],
])('%s is one link', (text, name) => {
  const links = show(text).querySelectorAll('a');
  expect([...links].map((link) => link.textContent)).toEqual([name]);
});

test.each(['> '.repeat(5000), '['.repeat(5000), '**'.repeat(5000), '- '.repeat(500)])(
  'nonsense is shown somehow',
  (text) => {
    expect(show(`${text}end`).textContent).toContain('end');
  },
);

test('signs and entities are what they stand for', () => {
  expect(show('1 &lt; 2 & 3 > 2 \\* "q"').textContent).toBe('1 < 2 & 3 > 2 * "q"');
});

test('code keeps its signs', () => {
  expect(show('```\nif (a < b && c) {}\n```').textContent).toBe('if (a < b && c) {}');
});
