/** The frame of the pages for visitors: what the page is, its form, and the way to the other one. */
import type { Route } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { PageHeading } from '@/components/ui/page-heading';
import styles from './auth-card.module.css';

type Props = {
  heading: string;
  lead: string;
  children: ReactNode;
  other: { question: string; href: Route; label: string };
};

export function AuthCard({ heading, lead, children, other }: Props) {
  return (
    <div className={styles.card}>
      <PageHeading>{heading}</PageHeading>
      <p className={styles.lead}>{lead}</p>
      {children}
      <p className={styles.other}>
        {other.question} <Link href={other.href}>{other.label}</Link>
      </p>
    </div>
  );
}
