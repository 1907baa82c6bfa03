/**
 * Shows the model's Markdown. Not one character of it becomes HTML: marked takes the text apart, and
 * each part becomes a React element or text. HTML in it is text. A picture would tell a stranger's
 * server what was said, so it is a link; a link goes to the web or to a mailbox, or it is text.
 */
import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import styles from './markdown.module.css';

const DEEPEST = 12;

export function Markdown({ text }: { text: string }) {
  return <div className={styles.markdown}>{showAll(parse(text), 0)}</div>;
}

function parse(text: string): Token[] {
  try {
    return lexer(text);
  } catch {
    // Thousands of brackets or quotes inside each other are no text for people.
    return [{ type: 'text', raw: text, text }];
  }
}

function showAll(tokens: Token[], depth: number, isInLink = false): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the text only grows, so places are what stays
  return tokens.map((token, at) => <Fragment key={at}>{show(token, depth, isInLink)}</Fragment>);
}

function show(token: Token, depth: number, isInLink: boolean): ReactNode {
  const parts = 'tokens' in token ? token.tokens : undefined;
  const isLink = isInLink || token.type === 'link';
  const inside = () => (parts && depth < DEEPEST ? showAll(parts, depth + 1, isLink) : token.raw);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{inside()}</p>;
    case 'heading':
      return (
        <p>
          <strong>{inside()}</strong>
        </p>
      );
    case 'blockquote':
      return <blockquote>{inside()}</blockquote>;
    case 'list':
      return showList(token as Tokens.List, depth);
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'strong':
      return <strong>{inside()}</strong>;
    case 'em':
      return <em>{inside()}</em>;
    case 'del':
      return <del>{inside()}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'link':
      return showLink(token.href, inside(), isInLink);
    case 'image':
      return showLink(token.href, token.text || token.href, isInLink);
    case 'text':
      return parts ? inside() : decode(token.text);
    case 'escape':
      return token.text;
    default: // html, tables and what comes with the next version: as it was written
      return <span className={styles.raw}>{token.raw}</span>;
  }
}

function showList(list: Tokens.List, depth: number): ReactNode {
  const items = list.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    <li key={at}>{depth < DEEPEST ? showAll(item.tokens, depth + 1) : item.raw}</li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={Number(list.start) || 1}>{items}</ol>;
}

/** HTML has no link inside a link: the outer one stays, as around a picture that leads somewhere. */
function showLink(href: string, label: ReactNode, isInLink: boolean): ReactNode {
  if (isInLink || !/^(https?:\/\/|mailto:)/i.test(href)) return label;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Markdown may hold the entities of HTML. What they stand for is text, like everything else. */
function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
}
