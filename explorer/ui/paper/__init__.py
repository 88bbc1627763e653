"""The chapters of the Paper page, one file each: what the paper says, its chart, what our count says, try it."""
