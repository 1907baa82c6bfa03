'use client';

import { type KeyboardEvent, useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorAlert } from '@/components/ui/error-alert';
import { TextField } from '@/components/ui/field';
import { PAGE_HEADING } from '@/components/ui/page-heading';
import { rescueFocus } from '@/lib/focus';
import { useForm } from '@/lib/use-form';
import { MESSAGE } from './chat-ids';
import styles from './message-form.module.css';

type Props = {
  isAnswering: boolean;
  onAsk: (message: string) => Promise<boolean>;
  onStop: () => void;
};

export function MessageForm({ isAnswering, onAsk, onStop }: Props) {
  const { props, fields, alert } = useForm(['message'], async ({ message }) => {
    takeText();
    const wasAsked = await onAsk(message).catch((error) => {
      giveBack(message);
      throw error;
    });
    if (!wasAsked) giveBack(message);
  });

  // The form goes away while another conversation is loaded.
  useEffect(() => () => rescueFocus(PAGE_HEADING), []);

  function stop(): void {
    onStop();
    // The button goes away; the keyboard stays where one goes on.
    document.getElementById(MESSAGE)?.focus();
  }

  return (
    <form {...props} className={styles.form}>
      {alert && <ErrorAlert error={alert} />}
      <TextField
        label="Message"
        name="message"
        id={MESSAGE}
        rows={2}
        placeholder="What is there to do today?"
        autoComplete="off"
        error={fields.message}
        onKeyDown={sendOnEnter}
      />
      <div className={styles.buttons}>
        <p className={styles.hint}>Enter sends, Shift and Enter begins a new line.</p>
        {isAnswering && (
          <Button look="quiet" onClick={stop} ref={passFocusOn}>
            Stop
          </Button>
        )}
        <Button type="submit" isPending={isAnswering}>
          Send
        </Button>
      </div>
    </form>
  );
}

function findText(): HTMLTextAreaElement | null {
  const field = document.getElementById(MESSAGE);
  return field instanceof HTMLTextAreaElement ? field : null;
}

/** Stop also goes away when an answer ends by itself: if it has the focus, the field gets it. */
function passFocusOn(button: HTMLElement | null) {
  // React calls what a ref returns just before it removes the element.
  return () => {
    if (document.activeElement === button) findText()?.focus();
  };
}

/** Make room for the next message, which can be typed while this one is answered. */
function takeText(): void {
  const field = findText();
  if (!field) return;
  field.value = '';
  field.focus();
}

/** What could not be sent is not lost, unless something new has been typed meanwhile. */
function giveBack(message: string): void {
  const field = findText();
  if (field && field.value === '') field.value = message;
}

function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  // Enter also ends the choice of a character, where they are composed of several keys.
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
