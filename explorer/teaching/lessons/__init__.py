"""Eight short lessons: predict, then see what is really built."""
