s/is: "office"}/is: "offices"}/
