/ households_stopped = 46 /,/\];/ s/slot: [0-9]*/slot: 60/
