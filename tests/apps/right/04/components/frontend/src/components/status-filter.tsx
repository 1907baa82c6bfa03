import { Label } from './ui/label';
import { Select, SelectContent, SelectItem, SelectTrigger } from './ui/select';

type Props = { value: string; onValueChange: (value: string) => void };

export function StatusFilter({ value, onValueChange }: Props) {
  return (
    <div className="flex items-center gap-3">
      <Label htmlFor="status">Status</Label>
      <Select value={value} onValueChange={onValueChange}>
        <SelectTrigger id="status" />
        <SelectContent>
          <SelectItem value="all">All</SelectItem>
          <SelectItem value="pending">Pending</SelectItem>
          <SelectItem value="in_progress">In progress</SelectItem>
          <SelectItem value="completed">Completed</SelectItem>
        </SelectContent>
      </Select>
    </div>
  );
}
