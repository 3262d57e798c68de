# Compares the imports under Sources with the module table of Sources/README.md. Sourced by bash.

# Prints each import that the table does not allow and each module that it does not have; fails if there is any.
check_module_table() {
  local root=$1
  {
    # "row MODULE ALLOWED…" from the table: | `Module` … | what lives there | what it may import |
    awk -F'|' '/^\| *`/ && NF >= 5 {
      count = split($2, modules, ","); allowed = $4; gsub(/[^A-Za-z0-9_]+/, " ", allowed)
      for (i = 1; i <= count; i++) { gsub(/[^A-Za-z0-9_]/, "", modules[i]); print "row", modules[i], allowed }
    }' "$root/Sources/README.md"
    # "folder MODULE"
    local folder
    for folder in "$root"/Sources/*/; do folder=${folder%/}; echo "folder ${folder##*/}"; done
    # "import MODULE IMPORTED"
    (cd "$root/Sources" && grep -rEH --include='*.swift' \
      '^ *(@[a-z]+ +)*(public |package |internal |private |fileprivate )?import ' . || true) |
      sed -E 's#^\./([^/]+)/[^:]*:.*import +((struct|class|enum|protocol|func|var|typealias|let) +)?([A-Za-z0-9_]+).*#import \1 \4#' |
      sort -u
  } | awk '
    $1 == "row" { rows[$2] = 1; for (i = 3; i <= NF; i++) may[$2, $i] = 1 }
    $1 == "folder" && !($2 in rows) { print "Sources/README.md: expected a row for " $2 ", found none"; bad = 1 }
    $1 == "import" && ($3 in rows) && !(($2, $3) in may) && !(($2, "all") in may) {
      print "Sources/" $2 ": expected imports of its row in Sources/README.md, found " $3; bad = 1
    }
    END { exit bad }'
}
