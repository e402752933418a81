# Rules of the kinds that F1 does not use yet.
s/^    header_expected: .*source_kind.*/&\
    rules {id: "T1" severity: error message {ja: "和が超過" en: "the parts exceed the total"}\
           sum_le {parts: ["cyl_lost", "cyl_buried"] total: "cyl_fallen"}}\
    rules {id: "T2" severity: error message {ja: "和が不一致" en: "the parts do not add up"}\
           sum_eq {parts: ["deaths", "missing"] total: "serious_inj"}}\
    rules {id: "T3" severity: error message {ja: "累計が減少" en: "it fell"}\
           when {all {field: "report_version_kind" is: "correction" not: true}}\
           non_decreasing {field: ["gas_leaks"]}}/
