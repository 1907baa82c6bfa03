/**
 * Writes src/types/api.ts from the backend's own description of itself; with --check, tells whether
 * that file is still what the backend says.
 *
 *   npm run types                                  the backend of NEXT_PUBLIC_API_URL, running
 *   npm run types -- http://localhost:8000         the backend at this address
 *   npm run types -- openapi.json                  a description in a file
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import nextEnv from '@next/env';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = new URL('../src/types/api.ts', import.meta.url);
const HEADER =
  '// Written by `npm run types` from the OpenAPI description of the backend. Do not edit.\n\n';

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});

function findSource() {
  nextEnv.loadEnvConfig(process.cwd(), true, { info() {}, error() {} });
  const source = positionals[0] ?? process.env.NEXT_PUBLIC_API_URL;
  if (!source) throw new Error('Name the backend: set NEXT_PUBLIC_API_URL, or give its address.');
  return source;
}

async function readDescription(source) {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8'));
  const response = await fetch(new URL('/openapi.json', source));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  return response.json();
}

async function main() {
  const source = findSource();
  const description = await readDescription(source).catch((error) => {
    throw new Error(`No description of the backend at ${source}: ${error.message}`);
  });
  // A field with a default may be left out of a request: without this, its type would demand it.
  const nodes = await openapiTS(description, { defaultNonNullable: false });
  const fresh = HEADER + astToString(nodes);
  if (!values.check) return writeFile(TARGET, fresh);
  if (fresh !== (await readFile(TARGET, 'utf8'))) {
    throw new Error('src/types/api.ts is not what the backend says. Run: npm run types');
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
