'use client';

import { useState } from 'react';
import { flushSync } from 'react-dom';
import { ErrorAlert } from '@/components/ui/error-alert';
import { BinIcon, PencilIcon } from '@/components/ui/icons';
import { rescueFocus } from '@/lib/focus';
import { useAction } from '@/lib/use-action';
import type { Task, TaskChanges } from '@/types';
import { DeleteTaskDialog } from './delete-task-dialog';
import { EditTaskForm } from './edit-task-form';
import { checkboxId, editButtonId } from './task-ids';
import styles from './task-item.module.css';
import { statusLabels } from './task-words';

type Props = {
  task: Task;
  onEdit: (changes: TaskChanges) => Promise<void>;
  onDelete: () => Promise<void>;
};

export function TaskItem({ task, onEdit, onDelete }: Props) {
  const [isEditing, setIsEditing] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);

  function stopEditing(): void {
    flushSync(() => setIsEditing(false));
    rescueFocus(editButtonId(task.id));
  }

  if (isEditing) {
    return (
      <li className={styles.item}>
        <EditTaskForm task={task} onSave={onEdit} onClose={stopEditing} />
      </li>
    );
  }
  return (
    <li className={styles.item}>
      <TaskCheck task={task} onEdit={onEdit} />
      <div className={styles.buttons}>
        <button id={editButtonId(task.id)} type="button" onClick={() => setIsEditing(true)}>
          <PencilIcon />
          <span className="visually-hidden">Edit {task.title}</span>
        </button>
        <button type="button" onClick={() => setIsDeleting(true)}>
          <BinIcon />
          <span className="visually-hidden">Delete {task.title}</span>
        </button>
      </div>
      {isDeleting && (
        <DeleteTaskDialog
          title={task.title}
          onDelete={onDelete}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </li>
  );
}

/** The checkbox, named after the task, and what else is known of the task. */
function TaskCheck({ task, onEdit }: Pick<Props, 'task' | 'onEdit'>) {
  const isCompleted = task.status === 'completed';
  // While the backend is asked, the box shows what was asked for. If it refuses, the box jumps back.
  const [wanted, setWanted] = useState(isCompleted);
  const { run, isPending, error } = useAction((status: Task['status']) => onEdit({ status }));

  function toggle(isTicked: boolean): void {
    if (isPending) return;
    setWanted(isTicked);
    void run(isTicked ? 'completed' : 'pending');
  }

  return (
    <div className={styles.task} data-status={task.status}>
      <label className={styles.label}>
        <input
          id={checkboxId(task.id)}
          type="checkbox"
          checked={isPending ? wanted : isCompleted}
          aria-disabled={isPending || undefined}
          onChange={(event) => toggle(event.target.checked)}
        />
        <span>{task.title}</span>
      </label>
      {task.description && <p className={styles.description}>{task.description}</p>}
      {task.status === 'in_progress' && <p className={styles.badge}>{statusLabels.in_progress}</p>}
      {error && <ErrorAlert error={error} />}
    </div>
  );
}
