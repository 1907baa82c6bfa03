import Snackbar from '@mui/material/Snackbar';
import { createContext, type ReactNode, useContext, useState } from 'react';

const ToastContext = createContext<(message: string) => void>(() => {});

/** Say in passing that something was done. */
export function useToast(): (message: string) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState('');
  const [isOpen, setIsOpen] = useState(false);

  function show(text: string): void {
    setMessage(text);
    setIsOpen(true);
  }

  return (
    <ToastContext value={show}>
      {children}
      <Snackbar
        open={isOpen}
        message={message}
        autoHideDuration={4000}
        onClose={(_, reason) => reason !== 'clickaway' && setIsOpen(false)}
      />
    </ToastContext>
  );
}
