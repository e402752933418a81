#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <map>
#include <set>

#include "proto/forms/catalogue_file.hpp"
#include "proto/forms/form_options.pb.h"
#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

/// protoc's own files: they come with --include_imports and say nothing of forms.
constexpr std::string_view kProtocFiles = "google/protobuf/";

Error bad_file(const std::string& ja, const std::string& en) {
  return {Code::bad_data, said("様式集: " + ja, "form catalogue: " + en)};
}

Result<FileDescriptorSet> parse_set(BytesView bytes) {
  FileDescriptorSet out;
  if (bytes.empty() || bytes.size() > kUnpackedCatalogueMax ||
      !out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad_file("FileDescriptorSet として読めません", "no FileDescriptorSet");
  return out;
}

Bytes bytes_of_set(const FileDescriptorSet& set) {
  Bytes out(set.ByteSizeLong());
  set.SerializeWithCachedSizesToArray(out.data());
  return out;
}

FileDescriptorProto* file_named(FileDescriptorSet& set, const std::string& name) {
  const auto at = std::find_if(set.mutable_file()->begin(), set.mutable_file()->end(),
                               [&](const FileDescriptorProto& file) { return file.name() == name; });
  return at == set.mutable_file()->end() ? nullptr : &*at;
}

/// What a file says that only grows from year to year.
struct Grown {
  std::map<std::string, std::uint32_t> forms;  ///< message → version; messages that are no form have 0
  std::set<std::pair<std::string, int>> codes;
};

void take_codes(const google::protobuf::EnumDescriptorProto& list, const std::string& scope, Grown& out) {
  for (const auto& code : list.value()) out.codes.emplace(scope + list.name(), code.number());
}

void take_message(const google::protobuf::DescriptorProto& message, const std::string& scope, Grown& out) {
  const std::string name = scope + message.name();
  out.forms[name] = message.options().GetExtension(schema::form).version();
  for (const auto& list : message.enum_type()) take_codes(list, name + ".", out);
  for (const auto& nested : message.nested_type()) take_message(nested, name + ".", out);
}

Grown grown(const FileDescriptorProto& file) {
  Grown out;
  for (const auto& message : file.message_type()) take_message(message, "", out);
  for (const auto& list : file.enum_type()) take_codes(list, "", out);
  return out;
}

/// Does the program's file have a form of a higher version than the other one, or a code that it lacks?
bool is_newer(const FileDescriptorProto& ours, const FileDescriptorProto& theirs) {
  const Grown mine = grown(ours), other = grown(theirs);
  const bool forms = std::any_of(mine.forms.begin(), mine.forms.end(), [&](const auto& form) {
    const auto at = other.forms.find(form.first);
    return at == other.forms.end() || at->second < form.second;
  });
  return forms ||
         !std::includes(other.codes.begin(), other.codes.end(), mine.codes.begin(), mine.codes.end());
}

}  // namespace

Result<Bytes> gather(std::span<const Bytes> sets) {
  FileDescriptorSet out;
  for (const Bytes& bytes : sets) {
    TRY(const FileDescriptorSet set, parse_set(bytes));
    for (const FileDescriptorProto& file : set.file()) {
      if (file.name().starts_with(kProtocFiles)) continue;
      const FileDescriptorProto* held = file_named(out, file.name());
      if (!held)
        *out.add_file() = file;
      else if (held->SerializeAsString() != file.SerializeAsString())
        return bad_file(file.name() + " が二つあり、中身が違います",
                        file.name() + " is there twice, with different content");
    }
  }
  return bytes_of_set(out);
}

Result<Joined> join(BytesView bytes) {
  TRY(const FileDescriptorSet given, parse_set(bytes));
  TRY(FileDescriptorSet whole, parse_set(Catalogue::built_in_bytes()));
  std::vector<std::string> passed_over;
  std::set<std::string> names;
  for (const FileDescriptorProto& file : given.file()) {
    if (file.name().starts_with(kProtocFiles)) continue;
    if (!names.insert(file.name()).second)
      return bad_file(file.name() + " が二つあります", file.name() + " is there twice");
    FileDescriptorProto* ours = file_named(whole, file.name());
    if (!ours)
      *whole.add_file() = file;
    else if (is_newer(*ours, file))
      passed_over.push_back(file.name());
    else
      *ours = file;
  }
  Bytes set = bytes_of_set(whole);
  TRY(Catalogue catalogue, Catalogue::load(set));
  const std::vector<Finding> broken = lint_change(Catalogue::built_in(), catalogue);
  if (!broken.empty())
    return bad_file(broken.front().place + ": " + broken.front().text_ja,
                    broken.front().place + " " + broken.front().text_en);
  return Joined{std::move(catalogue), std::move(set), std::move(passed_over)};
}

}  // namespace noroshi::forms
