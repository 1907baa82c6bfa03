'use client';

import { useId } from 'react';
import type { Filter } from '@/lib/task-page';
import styles from './status-filter.module.css';
import { statuses, statusLabels } from './task-words';

type Props = { value: Filter; onChange: (filter: Filter) => void };

export function StatusFilter({ value, onChange }: Props) {
  const id = useId();
  return (
    <div className={styles.filter}>
      <label htmlFor={id}>Status</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Filter)}>
        <option value="all">All</option>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusLabels[status]}
          </option>
        ))}
      </select>
    </div>
  );
}
