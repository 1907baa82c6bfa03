'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, Fragment } from 'react';
import { send } from './send';
import { useJob } from './use-job';

const FIELDS = {
  name: { label: 'Name', type: 'text' },
  email: { label: 'Email', type: 'email' },
  password: { label: 'Password', type: 'password' },
};

type Props = { fields: (keyof typeof FIELDS)[]; action: string };

export function Entry({ fields, action }: Props) {
  const router = useRouter();
  const { start, isBusy, refusal } = useJob({ leads: false });
  const isBesideField = fields.some((name) => refusal?.fields.has(name));

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(event.currentTarget));
    start(async () => {
      await send('/session', 'POST', typed);
      router.push('/tasks');
      router.refresh();
    });
  }

  return (
    <form noValidate onSubmit={submit} aria-busy={isBusy}>
      {refusal && !isBesideField && <div role="alert">{refusal.text}</div>}
      <dl>
        {fields.map((name) => (
          <Fragment key={name}>
            <dt>
              <label htmlFor={name}>{FIELDS[name].label}</label>
            </dt>
            <dd>
              <input id={name} name={name} type={FIELDS[name].type} />
              {refusal?.fields.has(name) && <div role="alert">{refusal.fields.get(name)}</div>}
            </dd>
          </Fragment>
        ))}
      </dl>
      <button aria-disabled={isBusy}>{action}</button>
    </form>
  );
}
