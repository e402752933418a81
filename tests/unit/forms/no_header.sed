s/code: "F0" number: 0 version: 1/code: "F0" number: 14 version: 1/
