/^  Power.Code power = 59 /,/\];/d
