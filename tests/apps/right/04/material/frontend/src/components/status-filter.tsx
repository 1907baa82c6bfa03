import FormControl from '@mui/material/FormControl';
import InputLabel from '@mui/material/InputLabel';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';

type Props = { value: string; onValueChange: (value: string) => void };

export function StatusFilter({ value, onValueChange }: Props) {
  return (
    <FormControl size="small" sx={{ minWidth: 160 }}>
      <InputLabel id="status-label">Status</InputLabel>
      <Select
        labelId="status-label"
        id="status"
        label="Status"
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
      >
        <MenuItem value="all">All</MenuItem>
        <MenuItem value="pending">Pending</MenuItem>
        <MenuItem value="in_progress">In progress</MenuItem>
        <MenuItem value="completed">Completed</MenuItem>
      </Select>
    </FormControl>
  );
}
