#include "proto/forms/embedded.hpp"

// The assembler reads the files: no generated source of a megabyte, no start-up cost.
#define EMBED(name, path)                                      \
  __asm__(                                                     \
      ".pushsection .rodata, \"a\"\n"                          \
      ".global noroshi_forms_" #name                           \
      "\n"                                                     \
      ".global noroshi_forms_" #name                           \
      "_end\n"                                                 \
      "noroshi_forms_" #name ": .incbin \"" path               \
      "\"\n"                                                   \
      "noroshi_forms_" #name                                   \
      "_end: .byte 0\n"                                        \
      ".popsection\n");                                        \
  extern "C" const char noroshi_forms_##name[];                \
  extern "C" const char noroshi_forms_##name##_end[];          \
  namespace noroshi::forms::embedded {                         \
  std::string_view name() {                                    \
    return {noroshi_forms_##name, noroshi_forms_##name##_end}; \
  }                                                            \
  }

EMBED(catalogue, CATALOGUE_SET)
EMBED(jis_cells, FORMS_DATA "/jis-cells.tsv")
EMBED(cp932_extensions, FORMS_DATA "/cp932-extensions.tsv")
EMBED(municipalities, FORMS_DATA "/municipalities.csv")
EMBED(prefectures, FORMS_DATA "/prefectures.csv")
EMBED(deadlines, FORMS_DATA "/deadlines.csv")
EMBED(outlines, FORMS_DATA "/outlines.tsv")
EMBED(place_aliases, FORMS_DATA "/place-aliases.csv")
