# One interface target that every target of ours links: warnings, sanitizers, hardening.
add_library(noroshi_options INTERFACE)
target_include_directories(noroshi_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_options(noroshi_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wformat=2 -Wimplicit-fallthrough -Wextra-semi)
if(NOROSHI_WERROR)
  target_compile_options(noroshi_options INTERFACE -Werror)
endif()
if(NOROSHI_SANITIZE)
  # g++ 12 takes std::regex and std::function for uninitialized once they are instrumented.
  target_compile_options(noroshi_options INTERFACE -fsanitize=${NOROSHI_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all -Wno-maybe-uninitialized)
  target_link_options(noroshi_options INTERFACE -fsanitize=${NOROSHI_SANITIZE})
endif()
if(NOROSHI_FUZZ)
  target_compile_options(noroshi_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  target_link_options(noroshi_options INTERFACE -fsanitize=address,undefined)
endif()
if(NOROSHI_HARDEN)
  target_compile_options(noroshi_options INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
    -fstack-clash-protection -fcf-protection -D_GLIBCXX_ASSERTIONS)
  target_link_options(noroshi_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# The standard headers that nearly every source includes anyway, parsed once for all of them: a second of each unit's
# compiling. No source may lean on it: only the presets for work and tests turn it on, and clang-tidy reads each source
# without.
option(NOROSHI_PRECOMPILE "precompiled standard headers" OFF)
if(NOT NOROSHI_PRECOMPILE)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
add_library(noroshi_standard STATIC ${PROJECT_SOURCE_DIR}/deploy/cmake/standard.cpp)
target_link_libraries(noroshi_standard PUBLIC noroshi_options)
target_precompile_headers(noroshi_standard PRIVATE
  <algorithm> <array> <charconv> <chrono> <cstdint> <cstdio> <deque> <filesystem> <fstream> <functional> <map> <memory>
  <optional> <set> <span> <sstream> <string> <string_view> <tuple> <utility> <variant> <vector>)

# noroshi_library(NAME sources…): a static library in the house's own options.
function(noroshi_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC noroshi_options)
  target_precompile_headers(${name} REUSE_FROM noroshi_standard)
endfunction()

# noroshi_proto(TARGET files…): the generated code of .proto files as a library of its own, without our warnings; only
# codec files link it. Includes are written from the top: "proto/frame.pb.h".
function(noroshi_proto name)
  set(generated)
  foreach(file IN LISTS ARGN)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE relative)
    string(REGEX REPLACE "\\.proto$" "" stem ${relative})
    set(out ${PROJECT_BINARY_DIR}/${stem}.pb)
    add_custom_command(OUTPUT ${out}.cc ${out}.h
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${PROJECT_BINARY_DIR} ${file}
      DEPENDS ${file} VERBATIM)
    list(APPEND generated ${out}.cc)
  endforeach()
  add_library(${name} STATIC ${generated})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)  # generated files use the same names
  target_include_directories(${name} SYSTEM PUBLIC ${PROJECT_BINARY_DIR} ${Protobuf_INCLUDE_DIRS})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
  if(NOROSHI_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${NOROSHI_SANITIZE})
  endif()
endfunction()
