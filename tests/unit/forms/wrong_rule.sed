s/le {a: "households_stopped"/le {a: "houses_stopped"/
