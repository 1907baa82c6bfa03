import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { PageHeading } from '@/components/ui/page-heading';
import { startFakeStream } from '@/testing/fake-stream';
import { ChatRoom } from './chat-room';

let search = 'conversation=new';

vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(search) }));

const none = { items: [], total: 0 };
const model = { model: 'fake-model', is_ready: true };
const field = () => screen.getByLabelText<HTMLTextAreaElement>('Message');
const log = () => screen.getByRole('log', { name: 'Conversation' });

beforeEach(() => {
  search = 'conversation=new';
  window.scrollTo = () => undefined;
});

function Page() {
  return (
    <>
      <PageHeading>Chat</PageHeading>
      <ChatRoom />
    </>
  );
}

async function openRoom(others: Record<string, unknown> = {}) {
  const fake = startFakeStream({
    'GET /api/chat': model,
    'GET /api/conversations': none,
    ...others,
  });
  const { rerender } = render(<Page />);
  await screen.findByRole('log');
  return { ...fake, showAgain: () => rerender(<Page />) };
}

async function ask(message = 'Hi') {
  await userEvent.type(field(), `${message}{Enter}`);
}

test('an answer grows as it comes', async () => {
  const { send } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('token', { text: 'Hel' });
  await within(log()).findByText('Hel');
  send('token', { text: 'lo **you**' });
  await expect.poll(() => log().textContent).toContain('Hello you');
  send('done', { conversation_id: 'c1' });
  await expect.poll(() => screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  expect(screen.getByText(/Hello \*\*you\*\*/).getAttribute('role')).toBe('status');
});

test('a new conversation gets into the address', async () => {
  const { send } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  await expect.poll(() => window.location.search).toBe('?conversation=c1');
});

test('the next question is asked in the same conversation', async () => {
  const { send, questions } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('done', { conversation_id: 'c1' });
  await expect.poll(() => screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  await ask('More');
  expect(questions[1]).toEqual({ message: 'More', conversation_id: 'c1' });
});

test('one question is sent once, however often Enter is pressed', async () => {
  const { questions } = await openRoom();
  await userEvent.type(field(), 'Hi{Enter}{Enter}');
  await userEvent.type(field(), 'Again{Enter}');
  expect(questions).toHaveLength(1);
  expect(field().value).toBe('Again');
});

test('Shift and Enter begin a new line', async () => {
  const { questions } = await openRoom();
  await userEvent.type(field(), 'a{Shift>}{Enter}{/Shift}b');
  expect(questions).toHaveLength(0);
  expect(field().value).toBe('a\nb');
});

test('tools are told in words', async () => {
  const { send } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('tool', { name: 'create_task', status: 'running' });
  await within(log()).findByText('Adding a task…');
  send('tool', { name: 'create_task', status: 'completed' });
  await within(log()).findByText('Added a task');
  send('tool', { name: 'constructor', status: 'failed' });
  await within(log()).findByText('A tool failed');
});

test('stopping hangs up, keeps what was said, and gives the focus to the field', async () => {
  const { send, isClosed } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('token', { text: 'Half' });
  await within(log()).findByText('Half');
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await within(log()).findByText('Stopped.');
  expect(isClosed()).toBe(true);
  expect(log().textContent).toContain('Half');
  expect(document.activeElement).toBe(field());
});

test('an answer that ends while Stop has the focus gives it to the field', async () => {
  const { send } = await openRoom();
  await ask();
  screen.getByRole('button', { name: 'Stop' }).focus();
  send('done', { conversation_id: 'c1' });
  await expect.poll(() => screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  expect(document.activeElement).toBe(field());
});

test.each(['Message', 'Stop'])('no focus on %s is lost with the conversation', async (name) => {
  const { showAgain } = await openRoom();
  await ask();
  (name === 'Stop' ? screen.getByRole('button', { name }) : field()).focus();
  search = 'conversation=c2';
  showAgain();
  expect(screen.queryByLabelText('Message')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Chat' }));
});

test('stopping before the answer begins gives the text back', async () => {
  await openRoom();
  await ask();
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await expect.poll(() => field().value).toBe('Hi');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a question that is refused gives the text back, and says why', async () => {
  const refusal = new Response('{"detail":"No model."}', { status: 503 });
  await openRoom({ 'POST /api/chat/stream': refusal });
  await ask();
  expect((await screen.findByRole('alert')).textContent).toBe('No model.');
  expect(field().value).toBe('Hi');
  expect(within(log()).queryByText('Hi')).toBeNull();
});

test('an answer that fails half-way keeps what was said, and can be tried again', async () => {
  const { send, questions } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('token', { text: 'Half' });
  send('error', { detail: 'It broke.' });
  expect((await screen.findByRole('alert')).textContent).toBe('It broke.');
  expect(log().textContent).toContain('Half');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(questions[1]).toEqual({ message: 'Hi', conversation_id: 'c1' });
  expect(screen.queryByRole('alert')).toBeNull();
  expect(document.activeElement).toBe(field());
});

test('when asking again fails, the reason is the new one', async () => {
  const { send, replies } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('token', { text: 'Half' });
  send('error', { detail: 'It broke.' });
  const button = await screen.findByRole('button', { name: 'Try again' });
  const refusal = new Response('{"detail":"The model is busy."}', { status: 503 });
  replies['POST /api/chat/stream'] = refusal;
  await userEvent.click(button);
  await screen.findByText('The model is busy.');
  expect(screen.queryByText('It broke.')).toBeNull();
  expect(log().textContent).toContain('Half');
});

test('while a question is asked again, the next one waits in its field', async () => {
  const { send, questions } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('error', { detail: 'It broke.' });
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await ask('More');
  expect(questions).toHaveLength(2);
  expect(field().value).toBe('More');
  send('done', { conversation_id: 'c1' });
  await expect.poll(() => screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  await userEvent.type(field(), '{Enter}');
  expect(questions[2]).toEqual({ message: 'More', conversation_id: 'c1' });
});

test('an answer that breaks off is said to', async () => {
  const { send, end } = await openRoom();
  await ask();
  send('start', { conversation_id: 'c1' });
  send('token', { text: 'Half' });
  end();
  await screen.findByText('The answer broke off. Please try again.');
});

test('what was said before is there, and markup in it is text', async () => {
  search = 'conversation=c1';
  const said = { created_at: '2026-11-02T08:00:00Z' };
  await openRoom({
    'GET /api/conversations/c1': {
      id: 'c1',
      title: 'Hi',
      created_at: said.created_at,
      messages: [
        { id: 'm1', role: 'user', content: '<b>Hi</b> **you**', ...said },
        { id: 'm2', role: 'assistant', content: '<b>Hello**', ...said },
      ],
    },
  });
  await within(log()).findByText('<b>Hi</b> **you**');
  expect(log().querySelector('b')).toBeNull();
});

test('without a key the page says so', async () => {
  await openRoom({ 'GET /api/chat': { model: 'x', is_ready: false } });
  await screen.findByText(/no key/);
});
