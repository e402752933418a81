// noroshi import: an envelope that came on paper or as a file. Needs no key: the relay verifies it, and takes
// it over like one that a neighbour brought.
#include <algorithm>
#include <fstream>
#include <iostream>

#include "client-tui/cli/shapes.hpp"
#include "client-tui/words/lines.hpp"
#include "keys/home.hpp"
#include "keys/paper.hpp"
#include "keys/verify.hpp"

namespace noroshi::cli {
namespace {

namespace control = proto::control;

/// The largest envelope in hexadecimal, with room for a careless editor's lines.
constexpr std::size_t kSourceBytesMax = 256 * 1024;
constexpr const char* kStandardInput = "-";

struct ImportOptions {
  std::vector<std::string> files, texts;
};

/// Where something came from, and what was there.
struct Source {
  std::string name;
  std::string content;
};

Result<Source> read_source(const std::string& name) {
  std::ifstream file;
  const bool piped = name == kStandardInput;
  if (!piped) file.open(name, std::ios::binary);
  std::istream& in = piped ? std::cin : file;
  Source out{name, std::string(kSourceBytesMax + 1, '\0')};
  in.read(out.content.data(), static_cast<std::streamsize>(out.content.size()));
  out.content.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if (in.bad() || (!piped && !file.is_open())) return no(Code::io, Text::cannot_read_file, name);
  if (out.content.size() > kSourceBytesMax) return no(Code::bad_data, Text::import_nothing_ours, name);
  return out;
}

Result<std::vector<Source>> sources_of(const ImportOptions& options) {
  std::vector<Source> out;
  for (const std::string& file : options.files) {
    TRY(Source source, read_source(file));
    out.push_back(std::move(source));
  }
  Source texts{"--qr-text", {}};
  for (const std::string& text : options.texts) {
    if (text != kStandardInput) {
      texts.content += text + "\n";
      continue;
    }
    TRY(const Source source, read_source(text));
    texts.content += source.content + "\n";
  }
  if (!options.texts.empty()) out.push_back(std::move(texts));
  return out;
}

// ---- From what stands there to an envelope

/// "2/3", or how an unreadable one begins.
std::string name_of_part(const std::string& part) {
  constexpr std::size_t kBeginning = 16;
  const auto name = keys::paper_name(part);
  return name ? fmt::format("{}/{}", name->part, name->parts) : part.substr(0, kBeginning);
}

Result<Bytes> collected(const std::string& source, const std::vector<std::string>& parts) {
  keys::PaperParts read;
  for (const std::string& part : parts) {
    switch (read.add(part)) {
      case keys::PaperParts::Read::taken:
      case keys::PaperParts::Read::again: break;
      case keys::PaperParts::Read::damaged:
        return no(Code::bad_data, Text::import_damaged, source, name_of_part(part));
      case keys::PaperParts::Read::foreign:
        return no(Code::bad_data, Text::import_foreign, source, name_of_part(part));
    }
  }
  if (const auto missing = read.missing(); !missing.empty())
    return no(Code::bad_data, Text::import_missing, source, read.parts(),
              fmt::format("{}", fmt::join(missing, ", ")));
  auto whole = read.whole();
  if (!whole) return no(Code::bad_data, Text::import_not_whole, source);
  return *std::move(whole);
}

/// Texts of codes, an envelope in hexadecimal as `show --raw` prints it, or its bytes.
Result<Bytes> bytes_in(const Source& source) {
  const std::vector<std::string> parts = keys::paper_parts_in(source.content);
  if (!parts.empty()) return collected(source.name, parts);
  std::string digits = source.content;
  std::erase_if(digits, [](char c) { return c == ' ' || c == '\n' || c == '\r'; });
  if (auto bytes = from_hex(digits); bytes && !bytes->empty()) return *std::move(bytes);
  return bytes_of(view_of(source.content));
}

struct Envelope {
  std::string source;
  Bytes bytes;
  keys::Peek peek;
  proto::Header header;
  std::vector<RecipientId> recipients;
};
Result<Envelope> envelope_in(const Source& source) {
  TRY(Bytes bytes, bytes_in(source));
  if (bytes.empty() || bytes.front() != proto::kSuite1)
    return no(Code::bad_data, Text::import_nothing_ours, source.name);
  const proto::ParsedEnvelope parsed = proto::parse_envelope(bytes);
  const auto peek = keys::peek(bytes);
  if (!parsed.envelope || !peek)
    return no(Code::bad_data, Text::import_no_envelope, source.name, name_of(parsed.why));
  Envelope out{source.name, {}, *peek, parsed.envelope->header, {}};
  for (const proto::Wrap& wrap : parsed.envelope->wraps) out.recipients.push_back(wrap.recipient);
  if (!parsed.envelope->sealed()) out.recipients.push_back(parsed.envelope->dst());
  out.bytes = std::move(bytes);
  return out;
}

// ---- To the relay

Error refusal(const Envelope& envelope, const std::string& why) {
  if (why == keys::name_of(keys::Refusal::signature))
    return no(Code::protocol, Text::import_forged, envelope.source);
  if (why == keys::name_of(keys::Refusal::unknown_key))
    return no(Code::unavailable, Text::import_unknown_key, envelope.source, to_string(envelope.peek.key));
  if (why == keys::name_of(keys::Refusal::quota))
    return no(Code::temporary, Text::import_quota, envelope.source);
  return no(Code::protocol, Text::import_refused, envelope.source, why);
}

/// True if it was new.
Result<bool> hand_in(desk::Relay& relay, const Envelope& envelope) {
  TRY(const control::Submitted answer,
      desk::ask<control::Submitted>(relay, control::SubmitRequest{envelope.bytes, true}));
  switch (answer.outcome) {
    case control::Submitted::Outcome::queued: return true;
    case control::Submitted::Outcome::duplicate: return false;
    case control::Submitted::Outcome::refused: return refusal(envelope, answer.refusal);
    case control::Submitted::Outcome::no_space:
      return no(Code::temporary, Text::import_no_space, envelope.source);
  }
  return desk::not_understood();
}

void tell(const Context& context, const Envelope& envelope, bool fresh) {
  const KeyId key = envelope.peek.key;
  if (context.json) {
    Context::print(Json{{"source", envelope.source},
                        {"msg_id", envelope.peek.msg_id.hex()},
                        {"state", fresh ? "accepted" : "known"},
                        {"from", to_string(key.device)},
                        {"seq", envelope.peek.seq},
                        {"priority", proto::name_of(envelope.header.level)},
                        {"exercise", envelope.header.exercise},
                        {"recipients", recipients_json(envelope.recipients)},
                        {"bytes", envelope.bytes.size()}});
    return;
  }
  const auto trust = keys::load_trust(context.home());
  const std::string who =
      trust.ok() ? org_name(key.device.org, **trust) : std::to_string(key.device.org.value);
  Context::print(say(fresh ? Text::import_taken : Text::import_known,
                     fmt::format("{}/{}", to_string(key), envelope.peek.seq), who,
                     level_word(envelope.header.level), envelope.bytes.size()));
}

Result<void> bring_in(Context& context, const Source& source) {
  TRY(const Envelope envelope, envelope_in(source));
  TRY(desk::Relay* const relay, context.relay());
  TRY(const bool fresh, hand_in(*relay, envelope));
  tell(context, envelope, fresh);
  return {};
}

/// One that does not hold keeps nobody else out: each has its line, and the first trouble is the command's.
Result<Done> import(Context& context, const ImportOptions& options) {
  if (options.files.empty() && options.texts.empty()) return no(Code::usage, Text::nothing_to_import);
  TRY(const std::vector<Source> sources, sources_of(options));
  std::optional<Error> trouble;
  for (const Source& source : sources) {
    auto done = bring_in(context, source);
    if (done.ok()) continue;
    if (trouble)
      Context::note(done.error().text);
    else
      trouble = std::move(done).error();
  }
  if (trouble) return *std::move(trouble);
  return kDone;
}

}  // namespace

void add_import_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App* command = add_command(app, context, "import", Text::help_import,
                                  "noroshi import --qr-text NOROE1:1/2:… NOROE1:2/2:…",
                                  [&context, options] { return import(context, *options); });
  command->add_option("FILE", options->files, say(Text::help_import_file));
  command->add_option("--qr-text", options->texts, say(Text::help_import_qr));
}

}  // namespace noroshi::cli
