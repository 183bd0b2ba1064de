#pragma once
// The clock of crews that work in shifts: it runs only while they are on shift.
//
//   u = t + local_time_at_start - shift.starts        seconds since a shift began, days included
//   W(t) = floor(u / day) * lasts + min(u mod day, lasts)        seconds worked until t
//   worked_between(a, b) = W(b) - W(a);   end_of_work(a, w) = the first t >= a with W(t) - W(a) = w
//
// All in whole seconds, exact; round the clock W(b) - W(a) = b - a.

#include "grid_models/core/time.hpp"
#include "grid_models/recovery/jobs.hpp"

namespace wintergrid::recovery {

class ShiftClock {
 public:
  /// 0 < shift.lasts <= a day; 0 <= shift.starts < a day; local_time_at_start likewise.
  ShiftClock() = default;
  ShiftClock(const Shift& shift, Seconds local_time_at_start)
      : lasts_(shift.lasts),
        // A day more, so that no time since the start gives a negative u.
        offset_(local_time_at_start - shift.starts + kSecondsPerDay) {}

  /// `time` if it is on shift, else the next beginning of one; kNever stays.
  Seconds on_shift(Seconds time) const {
    if (lasts_ == kSecondsPerDay || time >= kNever) {
      return time;
    }
    const Seconds phase = (time + offset_) % kSecondsPerDay;
    return phase < lasts_ ? time : time + (kSecondsPerDay - phase);
  }

  Seconds worked_between(Seconds from, Seconds to) const {
    return lasts_ == kSecondsPerDay ? to - from : worked_until(to) - worked_until(from);
  }

  /// When `work` seconds from `from` on are done; work of centuries never is.
  Seconds end_of_work(Seconds from, Seconds work) const {
    constexpr Seconds kCenturies = Seconds{1} << 36U;
    if (lasts_ == kSecondsPerDay) {
      return from + work;
    }
    if (work <= 0) {
      return from;
    }
    if (work >= kCenturies || from >= kCenturies) {
      return kNever;
    }
    const Seconds target = worked_until(from) + work;
    const Seconds whole_shifts = (target - 1) / lasts_;
    return whole_shifts * kSecondsPerDay + (target - whole_shifts * lasts_) - offset_;
  }

 private:
  Seconds worked_until(Seconds time) const {
    const Seconds since = time + offset_;
    const Seconds phase = since % kSecondsPerDay;
    return since / kSecondsPerDay * lasts_ + (phase < lasts_ ? phase : lasts_);
  }

  Seconds lasts_ = kSecondsPerDay;
  Seconds offset_ = 0;
};

}  // namespace wintergrid::recovery
