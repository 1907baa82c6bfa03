import { expect, test } from 'vitest';
import { makeTask } from '@/testing/samples';
import {
  addTask,
  appendTasks,
  findNeighbour,
  removeTask,
  replaceTask,
  type TaskPage,
} from './task-page';

const [milk, bread, tea] = ['Milk', 'Bread', 'Tea'].map((title) => makeTask(title)) as [
  ReturnType<typeof makeTask>,
  ReturnType<typeof makeTask>,
  ReturnType<typeof makeTask>,
];
const page: TaskPage = { filter: 'pending', items: [milk, bread], total: 60 };
const titles = ({ items }: TaskPage) => items.map((task) => task.title);

test('a new task comes first', () => {
  const after = addTask(page, tea);
  expect(titles(after)).toEqual(['Tea', 'Milk', 'Bread']);
  expect(after.total).toBe(61);
});

test('a new task that the filter hides changes nothing', () => {
  expect(addTask(page, { ...tea, status: 'completed' })).toBe(page);
});

test('a new task that has come with the list already is there once', () => {
  expect(addTask(page, milk)).toBe(page);
});

test('a changed task keeps its place', () => {
  const after = replaceTask(page, { ...bread, title: 'Rye bread' });
  expect(titles(after)).toEqual(['Milk', 'Rye bread']);
  expect(after.total).toBe(60);
});

test('a changed task that fits the filter no more leaves', () => {
  const after = replaceTask(page, { ...milk, status: 'completed' });
  expect(titles(after)).toEqual(['Bread']);
  expect(after.total).toBe(59);
});

test('a change that arrives after its task was deleted brings it not back', () => {
  expect(titles(replaceTask(page, tea))).toEqual(['Milk', 'Bread']);
});

test('removing a task that is not there changes no count', () => {
  expect(removeTask(page, 'nothing').total).toBe(60);
});

test('more tasks are appended, those that moved down into them once', () => {
  const after = appendTasks(page, { items: [bread, tea], total: 61 });
  expect(titles(after)).toEqual(['Milk', 'Bread', 'Tea']);
  expect(after.total).toBe(61);
});

test('nothing new is the end, whatever the total says', () => {
  expect(appendTasks(page, { items: [bread], total: 60 }).total).toBe(2);
});

test('the neighbour of a task is the next, and of the last the one before', () => {
  expect(findNeighbour([milk, bread], milk.id)).toBe(bread);
  expect(findNeighbour([milk, bread], bread.id)).toBe(milk);
  expect(findNeighbour([milk], milk.id)).toBeUndefined();
});
