# F1 of next year: version 2 with a count, a text, a field without a slot, a derived figure that tells too much, a code
# and a column more.
s/code: "F1" number: 1 version: 1/code: "F1" number: 1 version: 2/
s/^  SixHelp.Code six_help = 71/  Count meters_tripped = 115 [(field) = {label {ja: "遮断" en: "Meters tripped"} slot: 33}];\
  string note = 116 [(field) = {label {ja: "付記" en: "Note"} chars: 40 slot: 1}];\
  Decimal rain_mm = 117 [(field) = {label {ja: "雨量" en: "Rain"} scale: 1}];\
  Count casualties = 118 [(field) = {label {ja: "死者・不明" en: "Casualties" kana: "ししゃ"} said_by: derived\
    aggregation: derive derive {sum {parts: ["deaths", "missing"]}}}];\
&/
s/^    other = 10 .*/&\
    heat = 11 [(code) = {label {ja: "猛暑" en: "heat"}}];/
s/^  string reason = 2 .*/&\
  string by = 3 [(field) = {label {ja: "判断者" en: "By"} chars: 40}];/
