import type { ComponentProps } from 'react';
import styles from './button.module.css';

type Props = Omit<ComponentProps<'button'>, 'className' | 'disabled'> & {
  look?: 'main' | 'quiet' | 'danger';
  isWide?: boolean;
  /** Its action runs. The button is not `disabled` then: a disabled button loses the focus. */
  isPending?: boolean;
};

export function Button({ look = 'main', isWide, isPending, type = 'button', ...props }: Props) {
  return (
    <button
      {...props}
      type={type}
      className={styles.button}
      data-look={look}
      data-wide={isWide || undefined}
      aria-disabled={isPending || undefined}
    />
  );
}
