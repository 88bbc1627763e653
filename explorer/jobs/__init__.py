"""Worker processes and the queue before them: who waits, who runs, what ends a job, and what jobs do."""
