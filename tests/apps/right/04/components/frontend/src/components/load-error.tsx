import { Alert } from './ui/alert';
import { Button } from './ui/button';

export function LoadError({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  return (
    <div className="grid justify-items-start gap-3">
      <Alert>{error.message}</Alert>
      <Button variant="outline" onClick={() => onRetry()}>
        Try again
      </Button>
    </div>
  );
}
