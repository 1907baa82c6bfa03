// Ask the server in this container whether it is well; the exit code is the answer.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/login`);
process.exit(answer.ok ? 0 : 1);
