import { type UseMutationOptions, useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

/** A mutation that is started once, however quickly somebody clicks. */
export function useSingle<In, Context = unknown>(
  options: UseMutationOptions<unknown, Error, In, Context>,
) {
  const isRunning = useRef(false);
  const mutation = useMutation({
    ...options,
    onSettled(...all) {
      isRunning.current = false;
      return options.onSettled?.(...all);
    },
  });

  function run(input: In): void {
    if (isRunning.current) return;
    isRunning.current = true;
    mutation.mutate(input);
  }

  return { run, isPending: mutation.isPending, error: mutation.error };
}
