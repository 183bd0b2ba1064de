// Numbers and dates in the page's language.

export class Numbers {
  constructor(language, start) {
    this.language = language;
    this.start = Date.parse(`${start.slice(0, 16)}:00Z`); // the scenario's own clock; no time zone of the reader
    this.small = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    this.rough = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
    this.long = new Intl.NumberFormat(language, { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 });
    this.tenth = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 1 });
    this.whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    this.fullDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
    this.dayHour = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  }
  /** Three significant digits, no more than two decimals; "?" where the run could not tell. */
  about(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return '?';
    if (Math.abs(value) < 10) return this.small.format(Math.abs(value) < 0.005 ? 0 : value);
    return Math.abs(value) >= 1e6 ? this.long.format(value) : this.rough.format(value);
  }
  /** A share of less than a per cent. */
  tenths(value) {
    return this.tenth.format(value);
  }
  signed(value) {
    const text = this.about(value);
    return value >= 0.005 ? `+${text}` : text;
  }
  count(value) {
    return value === null || value === undefined ? '?' : this.whole.format(value);
  }
  percent(share) {
    if (!Number.isFinite(share)) return '?';
    const value = 100 * share;
    const text = value !== 0 && Math.abs(value) < 0.1 ? `< ${this.rough.format(0.1)}` : new Intl.NumberFormat(this.language, { maximumSignificantDigits: value >= 10 ? 2 : 1 }).format(value);
    return `${value > 99 && value < 100 ? '> 99' : text}\u00a0%`;
  }
  range(low, high) {
    return low === null || high === null || low === undefined ? '?' : `${this.about(low)}${low < 0 ? ' \u2026 ' : '\u2060\u2013\u2060'}${this.about(high)}`; // no dash beside a minus
  }
  /** A class of set: "30-100 kW" on one line. */
  unbroken(words) {
    return words.replaceAll(' ', '\u00a0').replaceAll('-', '\u2060\u2013\u2060');
  }
  timeOfHour(hour) {
    return this.start + hour * 3600000;
  }
  atHour(hour) {
    return Number.isFinite(this.start) ? this.dayHour.format(this.timeOfHour(hour)) : `${hour} h`;
  }
  onDay(day) {
    return Number.isFinite(this.start) ? this.day.format(this.timeOfHour(24 * day)) : `${day + 1}`;
  }
}
