/** proxy.ts leads on before this is drawn. */
export default function Home() {
  return null;
}
