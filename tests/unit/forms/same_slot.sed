/ cyl_lost = 47 /,/\];/ s/slot: [0-9]*/slot: 12/
