import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';

export function LoadError({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  return (
    <Alert
      severity="error"
      action={
        <Button color="inherit" size="small" onClick={() => onRetry()}>
          Try again
        </Button>
      }
    >
      {error.message}
    </Alert>
  );
}
