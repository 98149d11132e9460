#include "client/runner/transfers.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <variant>

#include "client/attachment/file.h"
#include "client/runner/download_transfer.h"
#include "client/runner/upload_transfer.h"

namespace pawl::runner {

namespace {

// The relay answers a chunk when it is written; a commit when all of the blob is synced.
constexpr Duration kRequestTimeout = Minutes(2);

constexpr char kUploadSuffix[] = ".up";
constexpr char kDownloadSuffix[] = ".down";

}  // namespace

std::string Transfers::LogPath(const MessageId& message, const char* suffix) const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string path = ports_.folder + '/';
  for (uint8_t byte : *message) {
    path.push_back(kDigits[byte >> 4]);
    path.push_back(kDigits[byte & 15]);
  }
  return path + suffix;
}

void Transfers::RemoveOrphans() {
  std::set<std::string> wanted;
  for (const auto& [number, transfer] : transfers_) {
    wanted.insert(LogPath(transfer->message(), kUploadSuffix));
    wanted.insert(LogPath(transfer->message(), kDownloadSuffix));
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(ports_.folder, error)) {
    if (!wanted.contains(entry.path().string())) attachment::RemoveFile(entry.path().string());
  }
}

Transfer* Transfers::Find(uint64_t number) {
  const auto at = transfers_.find(number);
  return at == transfers_.end() ? nullptr : at->second.get();
}

Transfer* Transfers::Find(const MessageId& message) {
  for (const auto& [number, transfer] : transfers_) {
    if (transfer->message() == message && !transfer->over()) return transfer.get();
  }
  return nullptr;
}

void Transfers::Add(std::unique_ptr<Transfer> transfer) {
  // A folder that cannot be made shows as the log that cannot be opened.
  attachment::MakeFolder(ports_.folder).IgnoreError();
  if (ports_.link->online()) transfer->ChannelUp();
  transfers_.emplace(next_number_++, std::move(transfer));
}

void Transfers::Carry(client::TransferJob job, Timestamp now) {
  if (auto* upload = std::get_if<client::StartUpload>(&job)) {
    std::unique_ptr<attachment::Source> source;
    if (auto offer = offers_.extract(upload->message); !offer.empty()) {
      source = std::move(offer.mapped());
    }
    const std::string log = LogPath(upload->message, kUploadSuffix);
    Add(std::make_unique<UploadTransfer>(std::move(*upload), std::move(source), log, this));
  } else if (auto* payment = std::get_if<client::PayUpload>(&job)) {
    if (Transfer* transfer = Find(payment->message)) transfer->Pay(std::move(*payment));
  } else if (auto* download = std::get_if<client::StartDownload>(&job)) {
    const std::string log = LogPath(download->message, kDownloadSuffix);
    Add(std::make_unique<DownloadTransfer>(std::move(*download), log, this));
  } else if (const auto* stop = std::get_if<client::StopTransfer>(&job)) {
    for (auto& [number, transfer] : transfers_) {
      if (transfer->message() != stop->message) continue;
      pumping_ = number;
      transfer->Cancel(now);
    }
    offers_.erase(stop->message);
  } else if (const auto* forget = std::get_if<client::ForgetUpload>(&job)) {
    ports_.run_on_disk(
        [path = LogPath(forget->message, kUploadSuffix)] { attachment::RemoveFile(path); });
  }
}

void Transfers::Offer(const MessageId& message, std::unique_ptr<attachment::Source> source) {
  offers_.insert_or_assign(message, std::move(source));
}

void Transfers::SourceReady(const MessageId& message) {
  if (Transfer* transfer = Find(message)) transfer->SourceReady();
}

void Transfers::Pump(Timestamp now) {
  int uploads = 0;
  int downloads = 0;
  int unpaid = 0;
  for (auto at = transfers_.begin(); at != transfers_.end();) {
    Transfer& transfer = *at->second;
    int& active = transfer.unpaid() && unpaid < kUnpaid ? unpaid
                  : transfer.is_upload()                ? uploads
                                                        : downloads;
    pumping_ = at->first;
    if (!transfer.over() && (++active <= kActive || &active == &unpaid)) transfer.Pump(now);
    at = transfer.over() ? transfers_.erase(at) : std::next(at);
  }
}

Timestamp Transfers::NextDeadline() const {
  Timestamp next = kNever;
  for (const auto& [number, transfer] : transfers_) next = std::min(next, transfer->deadline());
  return next;
}

bool Transfers::Take(const transport::Effect& effect, Timestamp now) {
  if (const auto* changed = std::get_if<transport::StateChanged>(&effect)) {
    ChannelChanged(changed->status.state == transport::State::kOnline);
  } else if (std::holds_alternative<transport::Drained>(effect)) {
    RoomAgain();
  } else if (const auto* answer = std::get_if<transport::Answered>(&effect)) {
    if (!asked_.contains(answer->request)) return false;
    Answer(*answer, now);
    return true;
  } else if (const auto* failure = std::get_if<transport::RequestFailed>(&effect)) {
    if (!asked_.contains(failure->request)) return false;
    AnswerFailure(*failure, now);
    return true;
  }
  return false;
}

void Transfers::ChannelChanged(bool up) {
  for (auto& [number, transfer] : transfers_) up ? transfer->ChannelUp() : transfer->ChannelDown();
}

void Transfers::RoomAgain() {
  if (ports_.link->Room() < kKeepFree) return;
  for (auto& [number, transfer] : transfers_) transfer->RoomAgain();
}

void Transfers::Answer(const transport::Answered& answer, Timestamp now) {
  const Asked what = asked_.extract(answer.request).mapped();
  if (Transfer* transfer = Find(what.transfer)) transfer->Answered(what.tag, answer.frame, now);
  RoomAgain();
}

void Transfers::AnswerFailure(const transport::RequestFailed& failure, Timestamp now) {
  const Asked what = asked_.extract(failure.request).mapped();
  if (Transfer* transfer = Find(what.transfer)) {
    transfer->RequestFailed(what.tag, failure.code, failure.retry_after, now);
  }
  RoomAgain();
}

template <typename Frame>
absl::Status Transfers::Send(const Frame& frame, size_t size, RequestTag tag, Timestamp now) {
  if (ports_.link->Room() < kKeepFree + size) return Fail(Code::kWouldBlock, "messages go first");
  PAWL_ASSIGN(const transport::RequestNumber number,
              ports_.link->Request(frame, kRequestTimeout, now));
  asked_.emplace(number, Asked{pumping_, tag});
  return OkStatus();
}

absl::Status Transfers::Request(const wire::BlobBegin& frame, RequestTag tag, Timestamp now) {
  return Send(frame, frame.tokens.size(), tag, now);
}
absl::Status Transfers::Request(const wire::BlobChunk& frame, RequestTag tag, Timestamp now) {
  return Send(frame, frame.chunk.size(), tag, now);
}
absl::Status Transfers::Request(const wire::BlobCommit& frame, RequestTag tag, Timestamp now) {
  return Send(frame, 0, tag, now);
}
absl::Status Transfers::Request(const wire::BlobDelete& frame, RequestTag tag, Timestamp now) {
  return Send(frame, 0, tag, now);
}
absl::Status Transfers::Request(const wire::BlobGet& frame, RequestTag tag, Timestamp now) {
  return Send(frame, 0, tag, now);
}

void Transfers::OnDisk(DiskJob job) {
  ports_.run_on_disk([this, number = pumping_, job = std::move(job)]() mutable {
    // On the worker; this object outlives it.
    ports_.post([this, number, answer = job()](Timestamp now) mutable {
      Transfer* transfer = Find(number);
      if (transfer == nullptr) return;
      pumping_ = number;
      answer(*transfer, now);
    });
  });
}

void Transfers::Progress(const MessageId& message, uint64_t done, uint64_t total, Code obstacle,
                         Timestamp retry_at) {
  client::Event event;
  event.kind = client::EventKind::kProgress;
  event.message = message;
  event.done = done;
  event.total = total;
  event.code = obstacle;
  event.retry_at = retry_at == kNever ? Timestamp{} : retry_at;
  ports_.show(std::move(event));
}

}  // namespace pawl::runner
