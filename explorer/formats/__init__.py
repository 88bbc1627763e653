"""Numbers, tables, JSON and colours as people read and write them."""
