// noroshid: the relay daemon. Options, then relay.hpp.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "keys/completion.hpp"
#include "keys/crypto.hpp"
#include "keys/manual.hpp"
#include "keys/secret.hpp"
#include "keys/usage.hpp"
#include "proto/language.hpp"
#include "proto/quiet.hpp"
#include "relay/daemon/relay.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::daemon;
namespace fs = std::filesystem;

struct Options {
  std::string home, config;
  bool check_config = false, check_store = false;
};

fs::path default_home() {
  if (const char* home = std::getenv("NOROSHI_HOME"); home && *home) return home;
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".local/share/noroshi";
  return "/var/lib/noroshi";
}

/// Reads every record and its body; damage is told, not mended: the daemon mends when it meets it.
Result<void> check_store(const Config& config, const Places& places) {
  const fs::path directory = config.store.empty() ? places.home / "store" : config.store;
  std::error_code ignored;
  if (!fs::exists(directory, ignored))
    return Error{Code::io,
                 directory.string() + said(": 保管庫がありません：noroshid が一度動いてからです",
                                           ": there is no store: noroshid makes it when it first runs")};
  keys::SystemRng rng;
  TRY(const auto disk, store::Disk::open({.directory = directory, .map_max = config.store_max_bytes}, rng));
  TRY(const auto view, disk->view());
  std::size_t delivered = 0, missing = 0;
  for (std::uint64_t cursor = 0;;) {
    const auto rows = view->inbox(cursor, 256);
    if (rows.empty()) break;
    for (const auto& row : rows) {
      ++delivered;
      const auto record = view->record(row.id);
      if (!record || (record->body_held && !view->body(row.id))) ++missing;
      cursor = row.cursor;
    }
  }
  std::size_t own = 0;
  for (std::uint64_t before = UINT64_MAX;;) {
    const auto records = view->own(before, 256);
    if (records.empty()) break;
    own += records.size();
    for (const auto& record : records)
      if (record.body_held && !view->body(record.id)) ++missing;
    before = records.back().arrival;
  }
  std::uint64_t waiting = 0;
  for (const auto& queue : view->queues()) waiting += queue.queued.records;
  TRY_VOID(view->check());
  fmt::print(
      fmt::runtime(said("保管庫 {:016x}: ここに届いた {}、ここから出した {}、待ち {}、使用 {} %\n",
                        "store {:016x}: {} delivered here, {} submitted here, {} waiting, {} % full\n")),
      view->id().value, delivered, own, waiting, disk->fill().percent());
  if (missing > 0)
    return Error{Code::bad_data, std::to_string(missing) + said(" 通は番号だけで中身がありません",
                                                                " envelopes are named but not held")};
  return {};
}

Result<void> serve(const Options& options) {
  keys::forbid_dumps();
  if (!keys::start_cryptography())
    return no(Code::internal, "暗号ライブラリーを始められません", "libsodium does not start");
  Places places{options.home.empty() ? default_home() : fs::path(options.home), options.config};
  if (places.config.empty()) places.config = places.home / "noroshid.toml";
  TRY(Config config, load_config(places.config));
  if (options.check_config) {
    fmt::print(fmt::runtime(said("{}: よし、回線 {}\n", "{}: ok, {} links\n")), places.config.string(),
               config.links.size());
    return {};
  }
  if (options.check_store) return check_store(config, places);
  TRY(const auto relay, Relay::open(std::move(places), std::move(config)));
  return relay->run();
}

std::vector<keys::Chapter> chapters() {
  return {
      {said("ファイル", "FILES"),
       {{"HOME/noroshid.toml", said("設定（例: /usr/share/doc/noroshi/examples/noroshid.toml）",
                                    "configuration; /usr/share/doc/noroshi/examples/noroshid.toml is one")},
        {"HOME/store", said("預かっている報告", "the reports it keeps")},
        {"HOME/control.sock",
         said("この機械のプログラムが話しかける所", "where the programs of this machine talk to it")}}},
      {said("シグナル", "SIGNALS"),
       {{"SIGHUP", said("設定を読み直す", "reads its configuration again")},
        {"SIGTERM, SIGINT",
         said("受け取ったものを保存し終えて止まる", "stops when what it has taken is on disk")}}}};
}

int complain(const Error& error) {
  std::fprintf(stderr, "noroshid: %s\n", error.text.c_str());
  return exit_code(error.code);
}

}  // namespace

int main(int argc, char** argv) try {
  const auto language = language_asked(argc, argv);
  if (!language) return complain({Code::usage, "--lang: ja, en"});
  speak(*language);
  proto::quiet_protobuf();
  CLI::App app(
      said("狼煙の中継局：報告を預かり、次へ渡し、中は読まない。\n例: noroshid --home /var/lib/noroshi "
           "--config /etc/noroshi/noroshid.toml",
           "The Noroshi relay: keeps reports, passes them on, reads none.\n"
           "Example: noroshid --home /var/lib/noroshi --config /etc/noroshi/noroshid.toml"),
      "noroshid");
  app.set_help_flag("-h,--help", said("この説明", "this text"));
  app.get_formatter()->label("Usage", said("使い方", "Usage"));
  Options options;
  app.add_option("--home", options.home,
                 said("鍵・信頼情報・保管庫の場所（既定 $NOROSHI_HOME、なければ ~/.local/share/noroshi）",
                      "keys, trust and store (default: $NOROSHI_HOME or ~/.local/share/noroshi)"));
  app.add_option("--config", options.config,
                 said("設定（既定 HOME/noroshid.toml）", "configuration (default: HOME/noroshid.toml)"));
  app.add_flag(
      "--check-config", options.check_config,
      said("設定を読み、成り立つか述べて終わる", "read the configuration, say whether it holds, and end"));
  app.add_flag("--check-store", options.check_store,
               said("止まっている中継局の保管庫を読み、中身を述べて終わる",
                    "read the store of a stopped relay, say what it holds, and end"));
  std::string ignored;
  app.add_option("--lang", ignored, "ja en");
  app.set_version_flag("--version", "noroshid " NOROSHI_VERSION, said("版", "version"));
  keys::add_manual_option(app);
  keys::add_completion_option(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(keys::manual(app, 8, chapters()).c_str(), stdout);
    return 0;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return complain(keys::usage_error(app, error));
  }
  if (const auto fine = keys::refuse_empty(app); !fine) return complain(fine.error());
  if (const auto done = serve(options); !done) return complain(done.error());
  return 0;
} catch (const std::exception& error) {
  return complain({Code::internal, error.what()});
}
