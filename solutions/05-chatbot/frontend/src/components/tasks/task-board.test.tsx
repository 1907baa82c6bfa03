import { fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { startFakeBackend } from '@/testing/fake-backend';
import { makeTask, refuseField } from '@/testing/samples';
import type { Task } from '@/types';
import { TaskBoard } from './task-board';

function openBoard(items: Task[], total = items.length) {
  const backend = startFakeBackend({ 'GET /api/tasks': { status: 200, body: { items, total } } });
  render(<TaskBoard />);
  return backend;
}

const milk = makeTask('Milk');
const bread = makeTask('Bread');
const findBox = (name: string) => screen.findByRole('checkbox', { name });
const press = async (name: string) => userEvent.click(screen.getByRole('button', { name }));
const newTask = () => screen.getByLabelText<HTMLInputElement>('New task');

test('no task is said in words', async () => {
  openBoard([]);
  await screen.findByText(/No tasks/);
});

test('what a user typed is text', async () => {
  openBoard([makeTask('<b>bold</b>')]);
  await findBox('<b>bold</b>');
});

test('a task is added, said, and makes room for the next', async () => {
  const { replies } = openBoard([milk]);
  await findBox('Milk');
  replies['POST /api/tasks'] = { status: 201, body: bread };
  await userEvent.type(newTask(), 'Bread{Enter}');
  await findBox('Bread');
  expect(screen.getAllByRole('checkbox')[0]?.id).toBe('task-id-of-Bread');
  expect(screen.getByRole('status').textContent).toBe('Added “Bread”.');
  expect(newTask().value).toBe('');
});

test('a task that cannot be added stays in its field', async () => {
  openBoard([]);
  await userEvent.type(newTask(), 'Bread{Enter}');
  await screen.findByRole('alert');
  expect(newTask().value).toBe('Bread');
});

test('a title that the backend refuses is told beside the field', async () => {
  const { replies } = openBoard([]);
  replies['POST /api/tasks'] = refuseField('title', 'String should have at least 1 character');
  await userEvent.click(await screen.findByRole('button', { name: 'Add task' }));
  const note = await screen.findByText('Should have at least 1 character.');
  expect(newTask().getAttribute('aria-describedby')).toBe(note.id);
});

test('ticking completes a task', async () => {
  const { replies, asked } = openBoard([milk]);
  replies['PATCH /api/tasks/id-of-Milk'] = { status: 200, body: { ...milk, status: 'completed' } };
  await userEvent.click(await findBox('Milk'));
  expect(asked.at(-1)?.body).toBe('{"status":"completed"}');
  await expect.poll(async () => findBox('Milk')).toHaveProperty('checked', true);
});

test('a box jumps back when the backend refuses', async () => {
  openBoard([milk]);
  await userEvent.click(await findBox('Milk'));
  await screen.findByRole('alert');
  expect(await findBox('Milk')).toHaveProperty('checked', false);
});

test('editing sends what was changed and gives the focus back', async () => {
  const { replies, asked } = openBoard([milk]);
  replies['PATCH /api/tasks/id-of-Milk'] = { status: 200, body: { ...milk, title: 'Oat milk' } };
  await findBox('Milk');
  await press('Edit Milk');
  const title = screen.getByLabelText('Title');
  expect(document.activeElement).toBe(title);
  await userEvent.clear(title);
  await userEvent.type(title, 'Oat milk{Enter}');
  const button = await screen.findByRole('button', { name: 'Edit Oat milk' });
  expect(asked.at(-1)?.body).toBe('{"title":"Oat milk"}');
  expect(document.activeElement).toBe(button);
});

test('saving without a change asks nobody', async () => {
  const { asked } = openBoard([milk]);
  await findBox('Milk');
  await press('Edit Milk');
  await press('Save');
  await screen.findByRole('button', { name: 'Edit Milk' });
  expect(asked).toHaveLength(1);
});

test('Escape closes the form, unless it ends the choice of a character', async () => {
  openBoard([milk]);
  await findBox('Milk');
  await press('Edit Milk');
  fireEvent.keyDown(screen.getByLabelText('Title'), { key: 'Escape', isComposing: true });
  fireEvent.keyDown(screen.getByLabelText('Title'), { key: 'Escape' });
  expect(screen.queryByLabelText('Title')).toBeNull();
});

test('after a task is deleted its neighbour has the focus', async () => {
  const { replies } = openBoard([milk, bread]);
  replies['DELETE /api/tasks/id-of-Milk'] = { status: 204 };
  await findBox('Milk');
  await press('Delete Milk');
  await userEvent.click(within(screen.getByRole('dialog')).getByText('Delete'));
  await expect.poll(() => screen.queryByLabelText('Milk')).toBeNull();
  expect(document.activeElement).toBe(await findBox('Bread'));
});

test('a task that was deleted elsewhere counts as deleted', async () => {
  const { replies } = openBoard([milk]);
  replies['DELETE /api/tasks/id-of-Milk'] = { status: 404, body: { detail: 'Not there.' } };
  await findBox('Milk');
  await press('Delete Milk');
  await userEvent.click(within(screen.getByRole('dialog')).getByText('Delete'));
  await screen.findByText(/No tasks/);
});

test('more tasks are loaded where the list ends', async () => {
  const { replies, asked } = openBoard([milk], 2);
  await findBox('Milk');
  replies['GET /api/tasks'] = { status: 200, body: { items: [bread], total: 2 } };
  await press('Load more');
  expect(document.activeElement).toBe(await findBox('Bread'));
  expect(asked.at(-1)?.path).toContain('offset=1');
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
});

test('a list that could not be loaded can be tried again', async () => {
  const { replies } = openBoard([]);
  await screen.findByText(/No tasks/);
  delete replies['GET /api/tasks'];
  await userEvent.selectOptions(screen.getByLabelText('Status'), 'Completed');
  await screen.findByRole('alert');
  const body = { items: [{ ...milk, status: 'completed' }], total: 1 };
  replies['GET /api/tasks'] = { status: 200, body };
  await press('Try again');
  await findBox('Milk');
});
