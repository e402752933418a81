# A field more, and nobody told the readers.
s/^  SixHelp.Code six_help = 71/  Count meters_tripped = 115 [(field) = {label {ja: "遮断" en: "Meters tripped"} slot: 33}];\
&/
