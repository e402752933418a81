// The language spoken (proto/language.hpp), as this folder and its programs name it.
#pragma once

#include "proto/language.hpp"

namespace noroshi::keys {

using noroshi::Language;
using noroshi::language;
using noroshi::language_asked;
using noroshi::language_of;
using noroshi::language_of_locale;
using noroshi::no;
using noroshi::said;
using noroshi::speak;

}  // namespace noroshi::keys
