'use client';

import { type ReactNode, useEffect, useRef } from 'react';

type Props = { role?: 'alertdialog'; title: string; onClose: () => void; children: ReactNode };

/** A dialog that is open as long as it is drawn; the browser keeps the keyboard in it. */
export function Modal({ role, title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before?.isConnected) before.focus();
      else document.getElementById('new-task')?.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      role={role}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
