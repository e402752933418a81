/^    volcanic = 5 /d
