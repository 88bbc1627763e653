"""Worker processes and the queue before them: who waits, who runs, what ends a job. What jobs do is in models/jobs."""
