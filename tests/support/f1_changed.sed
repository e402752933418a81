# F1 of another year: version 2, with a count that must be said.
s/code: "F1" number: 1 version: 1/code: "F1" number: 1 version: 2/
s/^  SixHelp.Code six_help = 71/  Count meters_tripped = 115 [(field) = {\
    label {ja: "遮断メーター数" en: "Meters tripped" kana: "しゃだんめーたーすう"} unit {ja: "台" en: "meters"}\
    required: true aggregation: sum ask: 199 page: 2 slot: 33}];\
&/
