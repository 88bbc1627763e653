"""Speed against the peers on the same machine in the same run: `make bench` prints ratios, no test is timed."""
