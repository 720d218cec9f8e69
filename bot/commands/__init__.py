"""What the commands of `xingcun` do, one module each, imported when its command runs."""
