import * as SelectPrimitive from '@radix-ui/react-select';
import type { ComponentProps } from 'react';

export const Select = SelectPrimitive.Root;

export function SelectTrigger(props: ComponentProps<typeof SelectPrimitive.Trigger>) {
  return (
    <SelectPrimitive.Trigger
      className="flex h-9 w-40 items-center justify-between gap-2 rounded-md border px-3 text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring"
      {...props}
    >
      <SelectPrimitive.Value />
      <SelectPrimitive.Icon />
    </SelectPrimitive.Trigger>
  );
}

export function SelectContent({ children, ...props }: ComponentProps<typeof SelectPrimitive.Content>) {
  return (
    <SelectPrimitive.Portal>
      <SelectPrimitive.Content
        position="popper"
        className="z-50 min-w-(--radix-select-trigger-width) rounded-md border bg-background p-1 shadow-md data-[state=open]:animate-in data-[state=open]:fade-in-0"
        {...props}
      >
        <SelectPrimitive.Viewport>{children}</SelectPrimitive.Viewport>
      </SelectPrimitive.Content>
    </SelectPrimitive.Portal>
  );
}

export function SelectItem({ children, ...props }: ComponentProps<typeof SelectPrimitive.Item>) {
  return (
    <SelectPrimitive.Item
      className="flex cursor-default items-center justify-between gap-2 rounded-sm px-2 py-1.5 text-sm outline-none focus:bg-accent"
      {...props}
    >
      <SelectPrimitive.ItemText>{children}</SelectPrimitive.ItemText>
      <SelectPrimitive.ItemIndicator>✓</SelectPrimitive.ItemIndicator>
    </SelectPrimitive.Item>
  );
}
