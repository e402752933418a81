s/^    snow = 6 /    heavy_snow = 6 /
