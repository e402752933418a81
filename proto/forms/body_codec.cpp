#include <algorithm>

#include "proto/forms/body.hpp"
#include "proto/forms/compact_form.pb.h"
#include "proto/forms/slots.hpp"
#include "proto/limits.hpp"

namespace noroshi::forms {
namespace {

Error bad_body(const std::string& what) {
  return {Code::bad_data, "body: " + what};
}

bool has_unknown(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

// ---- Writing --------------------------------------------------------------------------------------------
void put_data(std::string& out, const Bytes& data) {
  out.assign(text_of(data));
}

Result<void> put_extra(const Extra& in, schema::Extra& out) {
  if (!in.raw.empty()) {
    if (!out.ParseFromArray(in.raw.data(), static_cast<int>(in.raw.size())))
      return bad_body("an unknown extra does not hold");
    return {};
  }
  out.set_field(in.field);
  out.mutable_numbers()->Add(in.numbers.begin(), in.numbers.end());
  put_data(*out.mutable_data(), in.data);
  for (const auto& cells : in.rows) {
    auto& row = *out.add_rows();
    for (const Extra& cell : cells) TRY_VOID(put_extra(cell, *row.add_cells()));
  }
  return {};
}

Result<void> put_form(const Compact& in, schema::CompactForm& out) {
  out.mutable_numbers()->Add(in.numbers.begin(), in.numbers.end());
  put_data(*out.mutable_bits(), in.bits);
  for (const Bytes& text : in.texts) put_data(*out.add_texts(), text);
  for (const Extra& extra : in.extras) TRY_VOID(put_extra(extra, *out.add_extras()));
  auto& unknown = *out.GetReflection()->MutableUnknownFields(&out);
  if (!in.fields.empty() && !unknown.ParseFromArray(in.fields.data(), static_cast<int>(in.fields.size())))
    return bad_body("unknown fields do not hold");
  return {};
}

struct Written {
  Bytes bytes;
  BodySizes sizes;
};

Result<Written> write(const std::vector<Report>& reports, const BodyContext& context,
                      const Catalogue& catalogue) {
  if (reports.empty() || reports.size() > kReportsMax) return bad_body("holds 1 to 255 reports");
  schema::CompactForm body;
  BodySizes sum;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    BodySizes sizes;
    TRY(Compact compact, to_slots(reports[i], context, catalogue, &sizes));
    schema::CompactForm& form = i == 0 ? body : *body.add_more();
    TRY_VOID(put_form(compact, form));
    for (const auto& extra : form.extras()) {
      const std::size_t bytes = extra.ByteSizeLong();
      sizes.extras += 1 + varint_bytes(bytes) + bytes;
    }
    for (auto part :
         {&BodySizes::header_numbers, &BodySizes::counts, &BodySizes::times, &BodySizes::point,
          &BodySizes::other_numbers, &BodySizes::bits, &BodySizes::text, &BodySizes::extras,
          &BodySizes::header_bits, &BodySizes::state_bits, &BodySizes::code_bits, &BodySizes::presence_bits})
      sum.*part += sizes.*part;
  }
  Written out;
  out.bytes.resize(body.ByteSizeLong());
  if (out.bytes.size() > kEnvelopeBytesMax)
    return bad_body("longer than an envelope: leave something for a second message");
  body.SerializeWithCachedSizesToArray(out.bytes.data());
  sum.framing = 0;
  sum.framing = out.bytes.size() - sum.total();
  out.sizes = sum;
  return out;
}

// ---- Reading --------------------------------------------------------------------------------------------
Bytes bytes_of_string(const std::string& in) {
  return bytes_of(view_of(in));
}

/// Rows nest once: what is deeper is not looked at, and marks the extra as foreign.
Extra take_extra(const schema::Extra& in, int depth) {
  Extra out;
  out.field = in.field();
  out.numbers.assign(in.numbers().begin(), in.numbers().end());
  out.data = bytes_of_string(in.data());
  out.foreign = has_unknown(in);
  if (depth == 0) out.raw = bytes_of_string(in.SerializeAsString());
  if (depth == 1 && in.rows_size() > 0) out.foreign = true;
  if (depth == 1) return out;
  for (const auto& row : in.rows()) {
    out.foreign = out.foreign || has_unknown(row);
    auto& cells = out.rows.emplace_back();
    for (const auto& cell : row.cells()) cells.push_back(take_extra(cell, depth + 1));
  }
  return out;
}

Result<Report> take_form(const schema::CompactForm& in, const BodyContext& context,
                         const Catalogue& catalogue) {
  Compact out;
  out.numbers.assign(in.numbers().begin(), in.numbers().end());
  out.bits = bytes_of_string(in.bits());
  for (const std::string& text : in.texts()) out.texts.push_back(bytes_of_string(text));
  for (const auto& extra : in.extras()) {
    if (extra.field() == 0) return bad_body("an extra without a field");
    out.extras.push_back(take_extra(extra, 0));
  }
  std::string unknown;
  in.GetReflection()->GetUnknownFields(in).SerializeToString(&unknown);
  out.fields = bytes_of_string(unknown);
  return from_slots(out, context, catalogue);
}

}  // namespace

Result<Bytes> encode(const std::vector<Report>& reports, const BodyContext& context,
                     const Catalogue& catalogue) {
  TRY(Written written, write(reports, context, catalogue));
  return std::move(written.bytes);
}

Result<Bytes> encode(const Report& report, const BodyContext& context, const Catalogue& catalogue) {
  return encode(std::vector<Report>{report}, context, catalogue);
}

Result<std::vector<Report>> decode(BytesView bytes, const BodyContext& context, const Catalogue& catalogue) {
  if (bytes.size() > kEnvelopeBytesMax) return bad_body("longer than an envelope");
  schema::CompactForm body;
  if (!body.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad_body("not a CompactForm");
  if (static_cast<std::size_t>(body.more_size()) >= kReportsMax) return bad_body("more than 255 reports");
  std::vector<Report> out;
  TRY(Report first, take_form(body, context, catalogue));
  out.push_back(std::move(first));
  for (const auto& form : body.more()) {
    if (form.more_size() > 0) return bad_body("reports inside a further report");
    TRY(Report further, take_form(form, context, catalogue));
    out.push_back(std::move(further));
  }
  return out;
}

Result<BodySizes> body_sizes(const std::vector<Report>& reports, const BodyContext& context,
                             const Catalogue& catalogue) {
  TRY(Written written, write(reports, context, catalogue));
  return written.sizes;
}

std::vector<Saving> savings(const Report& report, const BodyContext& context, const Catalogue& catalogue) {
  const auto whole = encode(report, context, catalogue);
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (!whole || !form) return {};
  std::vector<std::pair<std::uint32_t, Saving>> found;
  for (const auto& [number, value] : report.values) {
    const FieldInfo* field = catalogue.field(*form, number);
    if (!field || field->send == 1) continue;  // 1 is what the report is for
    Report rest = report;
    rest.clear(number);
    const auto smaller = encode(rest, context, catalogue);
    if (!smaller || smaller->size() >= whole->size()) continue;
    const std::uint32_t order = field->send == 0 ? 0xFFFF'FFFF : field->send;
    found.emplace_back(order, Saving{number, whole->size() - smaller->size()});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Saving> out;
  for (const auto& [order, saving] : found) out.push_back(saving);
  return out;
}

}  // namespace noroshi::forms
